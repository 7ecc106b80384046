package com.fulcrologic.datomiccloudbackup.violations;

public final class Cloning {}
