package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import java.util.Map;

/** The exit codes of the process. Scripts rely on these numbers: they never change. */
final class ExitCode {
  static final int DONE = 0;
  static final int UNEXPECTED = 1;
  static final int USAGE = 2;
  static final int INCOMPLETE = 3;
  static final int NOT_FOUND = 10;
  static final int TARGET_IN_USE = 11;
  static final int ACCESS_DENIED = 12;
  static final int CORRUPT = 20;
  static final int GAP = 21;
  static final int FOREIGN_SOURCE = 22;
  static final int FORKED_HISTORY = 23;
  static final int UNREACHABLE_POINT = 24;
  static final int TARGET_NOT_RESTORABLE = 25;
  static final int UNSUPPORTED_FORMAT = 26;
  static final int STALE = 27;
  static final int SEALING_KEY = 28;
  static final int LOGS_DIFFER = 30;

  static final Map<Class<?>, Integer> BY_CLASS =
      Map.ofEntries(
          Map.entry(InvalidConfigurationException.class, USAGE),
          Map.entry(IncompleteBackupException.class, INCOMPLETE),
          Map.entry(NoSuchBackupException.class, NOT_FOUND),
          Map.entry(NoSuchDatabaseException.class, NOT_FOUND),
          Map.entry(TargetInUseException.class, TARGET_IN_USE),
          Map.entry(StoreAccessDeniedException.class, ACCESS_DENIED),
          Map.entry(CorruptSegmentException.class, CORRUPT),
          Map.entry(SegmentGapException.class, GAP),
          Map.entry(ForeignSourceException.class, FOREIGN_SOURCE),
          Map.entry(ForkedHistoryException.class, FORKED_HISTORY),
          Map.entry(UnreachablePointException.class, UNREACHABLE_POINT),
          Map.entry(TargetNotRestorableException.class, TARGET_NOT_RESTORABLE),
          Map.entry(UnsupportedFormatException.class, UNSUPPORTED_FORMAT),
          Map.entry(SealingKeyException.class, SEALING_KEY));

  private ExitCode() {}

  static int of(Throwable failure) {
    if (failure instanceof AnomalyException anomaly) {
      if (anomaly.anomaly().isTransient()) {
        return INCOMPLETE;
      }
      return anomaly.anomaly() == Anomaly.FORBIDDEN ? ACCESS_DENIED : UNEXPECTED;
    }
    return BY_CLASS.getOrDefault(failure.getClass(), UNEXPECTED);
  }
}
