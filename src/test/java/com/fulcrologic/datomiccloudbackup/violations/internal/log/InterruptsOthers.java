package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;

final class InterruptsOthers {
  void interrupt(Thread other) {
    other.interrupt();
  }

  void interruptItself() {
    Thread.currentThread().interrupt();
  }

  Runnable interruptByReference(Thread other) {
    return other::interrupt;
  }

  void cancel(FutureTask<?> other) {
    other.cancel(true);
  }

  void shutdownNow(ExecutorService others) {
    others.shutdownNow();
  }
}
