package com.fulcrologic.datomiccloudbackup.violations.internal.restore.target;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.session.SessionUsesTarget;

public final class TargetUsesSession {
  final Class<?> used = SessionUsesTarget.class;
}
