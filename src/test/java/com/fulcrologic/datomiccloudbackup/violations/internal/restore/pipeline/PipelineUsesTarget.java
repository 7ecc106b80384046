package com.fulcrologic.datomiccloudbackup.violations.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.target.TargetUsesSession;

/** Breaks nothing. */
public final class PipelineUsesTarget {
  final Class<?> used = TargetUsesSession.class;
}
