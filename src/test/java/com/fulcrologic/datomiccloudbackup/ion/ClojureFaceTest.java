package com.fulcrologic.datomiccloudbackup.ion;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import clojure.lang.RT;
import clojure.lang.Symbol;
import clojure.lang.Var;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Runs the tests of the Clojure namespaces, which are written in Clojure. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class ClojureFaceTest {
  private static final Symbol TESTS =
      Symbol.intern("com.fulcrologic.datomic-cloud-backup.face-test");

  @BeforeAll
  static void loadDatomic() {
    LocalSystem.inMemory();
  }

  @Test
  void theNamespacesDoAsTheyPromise() {
    StringWriter warnings = new StringWriter();
    StringWriter report = new StringWriter();
    IFn require = Clojure.var("clojure.core", "require");
    bound(RT.ERR, warnings, () -> require.invoke(TESTS));
    assertThat(warnings.toString()).as("reflection").doesNotContain("Reflection warning");
    require.invoke(Symbol.intern("clojure.test"));
    Var testOut = (Var) Clojure.var("clojure.test", "*test-out*");
    Map<?, ?> result =
        (Map<?, ?>)
            bound(testOut, report, () -> Clojure.var("clojure.test", "run-tests").invoke(TESTS));
    assertThat(result.get(Keyword.intern("fail"))).as(report.toString()).isEqualTo(0L);
    assertThat(result.get(Keyword.intern("error"))).as(report.toString()).isEqualTo(0L);
    assertThat((Long) result.get(Keyword.intern("pass"))).isGreaterThan(30);
  }

  private static Object bound(Var name, Object value, java.util.function.Supplier<Object> work) {
    Var.pushThreadBindings(RT.map(name, value));
    try {
      return work.get();
    } finally {
      Var.popThreadBindings();
    }
  }
}
