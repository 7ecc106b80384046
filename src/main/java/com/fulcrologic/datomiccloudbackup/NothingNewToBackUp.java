package com.fulcrologic.datomiccloudbackup;

/**
 * Everything up to the source's basis is stored already.
 *
 * @param basisT the source's basis t at the call
 */
public record NothingNewToBackUp(long basisT) implements BackupOutcome {}
