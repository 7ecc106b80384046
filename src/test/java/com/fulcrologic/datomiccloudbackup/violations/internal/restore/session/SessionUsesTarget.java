package com.fulcrologic.datomiccloudbackup.violations.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.target.TargetUsesSession;

/** Breaks nothing. */
public final class SessionUsesTarget {
  final Class<?> used = TargetUsesSession.class;
}
