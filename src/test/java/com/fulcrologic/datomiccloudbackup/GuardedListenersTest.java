package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedListenersTest {
  private final List<String> noted = new ArrayList<>();
  private final CloningListener noting =
      new CloningListener() {
        @Override
        public void backupHealthy(String name) {
          noted.add(name);
        }
      };

  static List<Exception> defects() {
    return List.of(new IllegalStateException("a defect"), new IOException("a defect"));
  }

  /** Clojure throws checked exceptions undeclared. */
  @ParameterizedTest
  @MethodSource("defects")
  void aListenerThatThrowsDoesNoHarm(Exception defect) {
    CloningListener.of(List.of(throwing(defect), noting)).backupHealthy("w");
    assertThat(noted).containsExactly("w");
  }

  @Test
  void anInterruptionIsKept() {
    CloningListener.of(List.of(throwing(new InterruptedException()), noting)).backupHealthy("w");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(noted).containsExactly("w");
  }

  private static CloningListener throwing(Exception defect) {
    return new CloningListener() {
      @Override
      public void backupHealthy(String name) {
        GuardedListenersTest.<RuntimeException>throwUndeclared(defect);
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void throwUndeclared(Exception defect) throws E {
    throw (E) defect;
  }
}
