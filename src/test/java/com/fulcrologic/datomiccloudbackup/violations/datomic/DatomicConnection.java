package com.fulcrologic.datomiccloudbackup.violations.datomic;

/** Breaks nothing. */
public final class DatomicConnection {}
