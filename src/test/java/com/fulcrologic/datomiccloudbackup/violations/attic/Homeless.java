package com.fulcrologic.datomiccloudbackup.violations.attic;

final class Homeless {}
