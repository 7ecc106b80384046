package com.fulcrologic.datomiccloudbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.testing.ClassPath;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/** Nothing but the meters themselves needs Micrometer. */
class WithoutMicrometerTest {
  @Test
  void aBackupIsMadeAndListenedTo() throws Exception {
    try (URLClassLoader loader = ClassPath.without("/io/micrometer/")) {
      assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
          .isInstanceOf(ClassNotFoundException.class);
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader); // by which Clojure finds what it loads
      try {
        Object told =
            loader.loadClass(WithoutMicrometer.class.getName()).getMethod("use").invoke(null);
        assertThat(told).isEqualTo("6 of 6");
      } finally {
        thread.setContextClassLoader(before);
      }
    }
  }
}
