package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import me.tongfei.progressbar.ProgressBar;

final class UsesProgressbar {
  final Class<?> used = ProgressBar.class;
}
