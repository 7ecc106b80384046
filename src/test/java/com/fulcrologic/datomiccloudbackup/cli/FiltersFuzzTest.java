package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.log.AttributePattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Any texts are filters, or are refused. */
class FiltersFuzzTest {
  /** Each line is the value of one option, in turn. */
  @FuzzTest
  void filters(byte[] bytes) {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().limit(32).toList();
    List<String> args = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      args.add(List.of("--exclude=", "--include=", "--mask=").get(i % 3) + lines.get(i));
    }
    RestoringOptions options = new RestoringOptions();
    try {
      new CommandLine(options).parseArgs(args.toArray(String[]::new));
      RestoreOptions filtered = options.options();
      filtered
          .masks()
          .forEach((ident, mask) -> assertThat(Mask.parse(mask.toString())).isEqualTo(mask));
      for (String ident : filtered.excludedAttributes()) {
        AttributePattern pattern = AttributePattern.of(ident);
        assertThat(AttributePattern.of(pattern.toString())).isEqualTo(pattern);
      }
    } catch (InvalidConfigurationException refused) {
      assertThat(refused.hint()).isNotEmpty();
    } catch (CommandLine.ParameterException refused) {
      assertThat(refused.getMessage()).isNotEmpty();
    }
  }
}
