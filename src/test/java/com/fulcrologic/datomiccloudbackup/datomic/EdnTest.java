package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Errors of Clojure's reader, which are no exceptions, are texts that do not parse. */
class EdnTest {
  @Test
  void refusesWhatClojureAssertsAndWhatIsNestedTooDeep() {
    for (String text : List.of("#uuid a", "#uuid 5", "#inst {}", "[".repeat(200_000))) {
      assertThatThrownBy(() -> Edn.read(text))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("not well-formed");
    }
  }
}
