package com.fulcrologic.datomiccloudbackup.violations.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.pipeline.PipelineUsesTarget;

final class IdsUsePipeline {
  final Class<?> used = PipelineUsesTarget.class;
}
