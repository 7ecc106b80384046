package com.fulcrologic.datomiccloudbackup.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.cli.Main;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keyset files that a key of AWS KMS encrypts, with a server that stands in for KMS. */
final class KmsKeysetTest {
  private static final String OBJECT = "orders/claim-00000";
  private static final List<String> PROPERTIES =
      List.of("aws.endpointUrlKms", "aws.accessKeyId", "aws.secretAccessKey");

  @TempDir Path directory;
  private final KmsServer kms = KmsServer.start();
  private Path file = Path.of("");

  @BeforeEach
  void connect() {
    file = directory.resolve("keys.json");
    System.setProperty("aws.endpointUrlKms", kms.endpoint());
    System.setProperty("aws.accessKeyId", "kms-access-key");
    System.setProperty("aws.secretAccessKey", "kms-secret-key");
  }

  @AfterEach
  void disconnect() {
    PROPERTIES.forEach(System::clearProperty);
    kms.close();
  }

  private static String run(int exitCode, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    assertThat(Main.run(arguments, stream, stream))
        .as(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(exitCode);
    return printed.toString(StandardCharsets.UTF_8);
  }

  private String keys(int exitCode, String action, String... more) {
    return run(
        exitCode,
        Stream.concat(Stream.of("keys", action, file.toString()), Arrays.stream(more))
            .toArray(String[]::new));
  }

  @Test
  void aFileIsReadThroughKmsAndHoldsNoKeyInTheClear() throws IOException {
    keys(0, "new", "--kms", KmsServer.ARN);
    String text = Files.readString(file);
    assertThat(text).startsWith("kms-key " + KmsServer.ARN + "\n").doesNotContain("keyData");
    MemoryBackupStore store = new MemoryBackupStore();
    byte[] content = {1, 2, 3};
    SealedBackupStore.over(store, SealingKeys.read(file)).create(OBJECT, content);

    assertThat(SealedBackupStore.over(store, SealingKeys.read(file)).read(OBJECT, 10))
        .hasValue(content);
    assertThat(SealedBackupStore.over(store, SealingKeys.parse(text)).read(OBJECT, 10))
        .hasValue(content);
    assertThat(keys(0, "list")).contains("enabled, primary");
    assertThat(kms.operations())
        .startsWith("TrentService.Encrypt", "TrentService.Decrypt")
        .hasSize(5);
    requireNoPlaintext(text);
  }

  private void requireNoPlaintext(String printed) {
    assertThat(kms.plaintexts()).isNotEmpty();
    for (byte[] plaintext : kms.plaintexts()) {
      // any place in the text: three alignments of Base64, without the ends
      for (int skip = 0; skip < 3; skip++) {
        String encoded =
            Base64.getEncoder()
                .encodeToString(Arrays.copyOfRange(plaintext, 60 + skip, plaintext.length));
        assertThat(printed).doesNotContain(encoded.substring(4, encoded.length() - 8));
      }
    }
  }

  @Test
  void aRotationStaysWithTheKmsKey() throws IOException {
    keys(0, "new", "--kms", KmsServer.ARN);
    MemoryBackupStore store = new MemoryBackupStore();
    SealedBackupStore.over(store, SealingKeys.read(file)).create(OBJECT, new byte[] {1});

    keys(0, "rotate");

    SealingKeys rotated = SealingKeys.read(file);
    assertThat(rotated.keys()).hasSize(2);
    assertThat(SealedBackupStore.over(store, rotated).read(OBJECT, 10)).hasValue(new byte[] {1});
    assertThat(Files.readString(file)).startsWith("kms-key " + KmsServer.ARN + "\n");
    keys(2, "rotate", "--kms", KmsServer.OTHER_ARN);
  }

  @Test
  void aFileThatWasChangedOrIsForAnotherKmsKeyIsRefused() throws IOException {
    keys(0, "new", "--kms", KmsServer.ARN);
    String text = Files.readString(file);
    int at = text.indexOf("\"encryptedKeyset\"") + 60;
    String changed =
        text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
    for (String broken :
        List.of(
            changed,
            text.replace(KmsServer.ARN, KmsServer.OTHER_ARN),
            text.replace("1234abcd", "9999abcd"),
            text.replace("arn:", "urn:"),
            "kms-key " + KmsServer.ARN,
            "kms-key " + KmsServer.ARN + "\n{}")) {
      Files.writeString(file, broken);
      assertThatThrownBy(() -> SealingKeys.read(file))
          .as(broken)
          .isInstanceOf(InvalidConfigurationException.class);
      keys(2, "list");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, AccessDeniedException, 12",
    "400, UnrecognizedClientException, 12",
    "403, anything, 12",
    "400, DisabledException, 2",
    "400, KMSInvalidStateException, 2",
    "400, NotFoundException, 2",
    "400, IncorrectKeyException, 2",
    "500, KMSInternalException, 1",
  })
  void aRefusalSaysWhatToDo(int status, String code, int exitCode) throws IOException {
    keys(0, "new", "--kms", KmsServer.ARN);
    String before = Files.readString(file);
    kms.refuse(status, code);
    for (String action : List.of("list", "rotate")) {
      assertThat(keys(exitCode, action)).contains("error: ", KmsServer.ARN, code, "hint: ");
    }
    assertThat(Files.readString(file)).isEqualTo(before);
    assertThat(directory.toFile().list()).containsExactly("keys.json");
    kms.refuse(0, "");
    keys(0, "rotate");
  }

  @Test
  void whereNoFileCanBeEncryptedNoneIsMade() {
    kms.refuse(400, "AccessDeniedException");
    keys(12, "new", "--kms", KmsServer.ARN);
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "alias/backups",
        "arn:aws:s3:::bucket",
        "arn:aws:kms:eu-central-1:111122223333:key/a b"
      })
  void onlyAnArnNamesAKmsKey(String name) {
    assertThat(keys(2, "new", "--kms", name)).contains("arn:aws:kms:");
    assertThat(file).doesNotExist();
  }

  @Test
  void aRotationBeyondWhatKmsEncryptsIsRefused() throws IOException {
    SealingKeys keys = SealingKeys.createForKms(KmsServer.ARN);
    for (int i = 0; i < 25; i++) {
      keys = keys.rotated();
    }
    keys.writeNew(file);
    for (int i = 0; i < 20; i++) {
      keys = keys.rotated();
    }
    SealingKeys tooMany = keys;
    assertThatThrownBy(() -> tooMany.writeNew(directory.resolve("more.json")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("4096");
    assertThat(SealingKeys.read(file).keys()).hasSize(26);
  }

  @Test
  void whereKmsIsNotReachedTheFailureEnds() throws IOException {
    keys(0, "new", "--kms", KmsServer.ARN);
    kms.close();
    assertThatThrownBy(() -> SealingKeys.read(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll("no answer", KmsServer.ARN);
    // One that takes connections, and never answers.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      System.setProperty("aws.endpointUrlKms", "http://127.0.0.1:" + silent.getLocalPort());
      assertThatThrownBy(() -> SealingKeys.read(file)).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void missingCredentialsAreNamed() throws Exception {
    keys(0, "new", "--kms", KmsServer.ARN);
    assertThat(
            process(
                12, "none", "AWS_EC2_METADATA_DISABLED", "true", "keys", "list", file.toString()))
        .contains("error: Failed to decrypt", "found no credentials");
  }

  /**
   * In a process of its own, which takes its settings from the environment, with every log line;
   * with both versions of the SDK, and with the first alone.
   */
  @ParameterizedTest
  @ValueSource(strings = {"none", "software/amazon/awssdk"})
  void aProcessPrintsNoKeyAtTrace(String missing) throws Exception {
    keys(0, "new", "--kms", KmsServer.ARN);
    String printed =
        process(
            0, missing, "AWS_SECRET_ACCESS_KEY", "kms-secret-key", "keys", "list", file.toString());
    assertThat(printed).contains("enabled, primary");
    assertThat(kms.operations()).hasSize(2);
    requireNoPlaintext(printed);
  }

  /** Whoever has no keyset of KMS loads nothing of it. */
  @Test
  void nothingOfKmsIsLoadedWithoutNeed() throws Exception {
    run(0, "keys", "new", file.toString());
    for (String[] arguments : new String[][] {{"--help"}, {"keys", "list", file.toString()}}) {
      assertThat(process(0, "none", "JAVA_TOOL_OPTIONS", "-Xlog:class+load", arguments))
          .contains(Main.class.getName())
          .doesNotContain("amazonaws", "awssdk", KmsKey.class.getName() + " ");
    }
  }

  private String process(
      int exitCode, String missing, String variable, String value, String... arguments)
      throws Exception {
    String classPath =
        Stream.of(ChildJvm.CLASS_PATH.split(File.pathSeparator, -1))
            .filter(each -> !each.contains(missing))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            ChildJvm.command(
                classPath,
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"),
                Main.class,
                arguments));
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_ENDPOINT_URL_KMS", kms.endpoint());
    builder.environment().put("AWS_ACCESS_KEY_ID", "kms-access-key");
    builder.environment().put("HOME", directory.toString());
    builder.environment().put(variable, value);
    try (OwnProcess process = new OwnProcess(builder)) {
      assertThat(process.exitCode()).as(process.toString()).isEqualTo(exitCode);
      return process.toString();
    }
  }
}
