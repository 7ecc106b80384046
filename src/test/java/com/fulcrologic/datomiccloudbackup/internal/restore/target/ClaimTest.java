package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A claim is read as it was written, or refused; also one that a stranger wrote. */
class ClaimTest {
  private static final SourceIdentity SOURCE = new SourceIdentity("id", "hash");

  @Test
  void isReadAsItWasWritten() {
    SortedSet<Long> ids = new TreeSet<>(List.of(7L, 72L, 73L, 74L, 90L));
    RestoreOptions options = RestoreOptions.DEFAULTS.excluding(":x/*").including(":y/a");
    Claim claim = Claim.of("w", SOURCE, options, ids, ids, OptionalLong.of(9), true);
    assertThat(claim.text()).contains("[7 [72 74] 90]");
    assertThat(Claim.parse(claim.text())).isEqualTo(claim);
  }

  @Test
  void refusesWhatNoVersionWrites() {
    String copy =
        Claim.of(
                "w",
                SOURCE,
                RestoreOptions.DEFAULTS,
                new TreeSet<>(),
                new TreeSet<>(),
                OptionalLong.of(9),
                true)
            .text();
    for (String runs :
        List.of("[[0 9223372036854775807]]", "[[]]", "[[1]]", "[[5 4]]", "[[-9 4]]", "[\"x\"]")) {
      refuses(copy, ":filtered-attributes []", ":filtered-attributes " + runs);
      refuses(copy, ":included-attributes []", ":included-attributes " + runs);
    }
    refuses(copy, ":baseline 9, ", "");
    refuses(copy, ":excluded []", ":excluded 5");
    refuses(copy, ":mask-salt-check", ":mask-salt");
    refuses(copy, ":backup", ":backups");
    refuses(copy, ":source-database-id", ":source-database");
  }

  /** They have the same words, and other data. */
  @Test
  void aNamespaceInAnOldClaimIsNone() {
    Claim wanted = claim(RestoreOptions.DEFAULTS.excluding(":x/*"), OptionalLong.empty());
    String old =
        claim(RestoreOptions.DEFAULTS.excluding(":x/y"), OptionalLong.empty())
            .text()
            .replace(":x/y", ":x/*");
    assertThat(old).contains(":format 1");
    assertThatThrownBy(() -> Claim.parse(old).requireSame(wanted))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("excluding :x/*");
    Claim.parse(old).requireSame(Claim.parse(old));
    Claim.parse(wanted.text()).requireSame(wanted);
  }

  private static Claim claim(RestoreOptions options, OptionalLong baselineT) {
    return Claim.of("w", SOURCE, options, new TreeSet<>(), new TreeSet<>(), baselineT, false);
  }

  private static void refuses(String text, String from, String to) {
    assertThat(text).contains(from);
    assertThatThrownBy(() -> Claim.parse(text.replace(from, to)))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("not readable");
  }
}
