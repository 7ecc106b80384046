package com.fulcrologic.datomiccloudbackup.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Runs the commands that a text shows; of the text only the directory of the shop is replaced. */
public final class DocumentedCommands {
  public static final String DEMO_LINE = "mvn -q compile exec:java";
  public static final String VERIFY_LINE = "mvn -B verify";
  public static final String JAR_LINE = "mvn -q -DskipTests package";
  public static final String JAR_COMMAND = "java -jar target/datomic-cloud-backup-cli.jar ";
  private static final String SHOP_DIRECTORY = "/tmp/shop";

  private final Path shop;

  /**
   * @param shop the directory that stands for {@code /tmp/shop}
   */
  public DocumentedCommands(Path shop) {
    this.shop = shop;
  }

  /** Each command must end with 0, and tell something; Maven's own are run elsewhere. */
  public void run(String block) {
    String text = block.replace(SHOP_DIRECTORY, shop.toString());
    for (List<String> words : ReadmeBlock.shellWords(text)) {
      String line = String.join(" ", words);
      if (!Set.of(DEMO_LINE, VERIFY_LINE, JAR_LINE).contains(line)) {
        assertThat(line).startsWith(JAR_COMMAND);
        runJar(words.subList(3, words.size()));
      }
    }
  }

  /** Writes the settings that the commands read. */
  public void configure(String settings) throws IOException {
    Files.writeString(shop.resolve("my.conf"), settings.replace(SHOP_DIRECTORY, shop.toString()));
  }

  private static void runJar(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Main.run(arguments.toArray(String[]::new), printer(out), printer(err));
    assertThat(exitCode).as("%s%n%s", arguments, err.toString(StandardCharsets.UTF_8)).isEqualTo(0);
    assertThat(out.toString(StandardCharsets.UTF_8)).isNotBlank();
  }

  private static PrintStream printer(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
