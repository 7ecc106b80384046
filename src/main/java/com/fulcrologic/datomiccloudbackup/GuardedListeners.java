package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several listeners, none of which can do harm to the work or to the others. */
final class GuardedListeners implements CloningListener {
  private static final Logger LOG = LoggerFactory.getLogger(CloningListener.class);

  private final List<CloningListener> listeners;

  GuardedListeners(List<CloningListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void backedUp(String name, BackedUpSegment segment, Duration duration) {
    tell(listener -> listener.backedUp(name, segment, duration));
  }

  @Override
  public void gapFound(String name, TxRange missing) {
    tell(listener -> listener.gapFound(name, missing));
  }

  @Override
  public void restored(String name, RestoredSegment segment, Duration duration) {
    tell(listener -> listener.restored(name, segment, duration));
  }

  @Override
  public void backupReached(String name, SourcePoint point) {
    tell(listener -> listener.backupReached(name, point));
  }

  @Override
  public void restoreReached(String name, SourcePoint point) {
    tell(listener -> listener.restoreReached(name, point));
  }

  @Override
  public void backupLag(String name, Lag lag) {
    tell(listener -> listener.backupLag(name, lag));
  }

  @Override
  public void restoreLag(String name, Lag lag) {
    tell(listener -> listener.restoreLag(name, lag));
  }

  @Override
  public void backupHealthy(String name) {
    tell(listener -> listener.backupHealthy(name));
  }

  @Override
  public void restoreHealthy(String name) {
    tell(listener -> listener.restoreHealthy(name));
  }

  @Override
  public void retrying(String name, BackupException failure, int failureCount, Duration pause) {
    tell(listener -> listener.retrying(name, failure, failureCount, pause));
  }

  @Override
  public void proved(String name, VerificationReport report) {
    tell(listener -> listener.proved(name, report));
  }

  private void tell(Consumer<CloningListener> told) {
    for (CloningListener listener : listeners) {
      try {
        told.accept(listener);
      } catch (Exception thrown) { // Clojure throws checked exceptions undeclared
        if (thrown instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        LOG.warn(
            "listener failed listener={} failure={}",
            listener.getClass().getName(),
            thrown.getClass().getName());
      }
    }
  }
}
