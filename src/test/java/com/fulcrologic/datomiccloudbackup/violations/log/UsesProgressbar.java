package com.fulcrologic.datomiccloudbackup.violations.log;

import me.tongfei.progressbar.ProgressBar;

final class UsesProgressbar {
  final Class<?> used = ProgressBar.class;
}
