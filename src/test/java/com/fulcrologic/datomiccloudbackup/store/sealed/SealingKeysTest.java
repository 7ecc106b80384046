package com.fulcrologic.datomiccloudbackup.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Keys in a file: private, never printed, never overwritten. */
final class SealingKeysTest {
  private static final Pattern MATERIAL = Pattern.compile("\"value\":\\s*\"([^\"]+)\"");

  @TempDir Path directory;

  private Path written(SealingKeys keys) {
    Path file = directory.resolve("keys.json");
    keys.writeNew(file);
    return file;
  }

  @Test
  void aFileKeepsTheKeys() throws IOException {
    SealingKeys keys = SealingKeys.create().rotated();
    Path file = written(keys);

    assertThat(SealingKeys.read(file).keys()).isEqualTo(keys.keys()).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileIsNeverOverwritten() throws IOException {
    Path file = written(SealingKeys.create());
    String before = Files.readString(file);

    assertThatThrownBy(() -> SealingKeys.create().writeNew(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("is there already");
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"OWNER_READ", "OWNER_WRITE", "OWNER_EXECUTE"})
  void aFileThatOthersCanReachIsRefused(PosixFilePermission permission) throws IOException {
    Path file = written(SealingKeys.create());
    Files.setPosixFilePermissions(file, Set.of(PosixFilePermission.OWNER_READ, permission));

    assertThatThrownBy(() -> SealingKeys.read(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("others than its owner have access")
        .extracting(refused -> ((InvalidConfigurationException) refused).hint())
        .asString()
        .contains("chmod 600");
    assertThatThrownBy(() -> SealingKeys.rotate(file))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void aRotationKeepsTheOldKeysAndLeavesNothing() throws IOException {
    Path file = written(SealingKeys.create());
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    SealingKey first = SealingKeys.read(file).keys().get(0);

    SealingKeys rotated = SealingKeys.rotate(link);

    assertThat(link).isSymbolicLink();
    assertThat(SealingKeys.read(file).keys()).isEqualTo(rotated.keys()).hasSize(2);
    assertThat(rotated.keys().get(0)).isEqualTo(new SealingKey(first.id(), false, "enabled"));
    assertThat(rotated.keys().get(1).isPrimary()).isTrue();
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("keys.json", "link");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  /** An operator rotates what a service reads; only root can be tried. */
  @Test
  @EnabledIfSystemProperty(named = "user.name", matches = "root")
  void aRotationKeepsTheOwner() throws IOException {
    Path file = written(SealingKeys.create());
    UserPrincipal service =
        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(file, service);

    SealingKeys.rotate(file);

    assertThat(Files.getOwner(file)).isEqualTo(service);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  /** As a substitution of a shell gives it. */
  @Test
  void keysAreReadFromAPipe() throws Exception {
    SealingKeys keys = SealingKeys.create();
    written(keys);
    Process once = writingInto(pipe("once"), "cat \"$0\" > \"$1\"");
    assertThat(SealingKeys.read(directory.resolve("once")).keys()).isEqualTo(keys.keys());
    Process endless = writingInto(pipe("endless"), "while cat \"$0\"; do :; done > \"$1\"");
    assertThatThrownBy(() -> SealingKeys.read(directory.resolve("endless")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("larger");
    assertThat(once.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(endless.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  private Path pipe(String name) throws Exception {
    Path pipe = directory.resolve(name);
    Process made = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start();
    assertThat(made.waitFor()).isZero();
    return pipe;
  }

  private Process writingInto(Path pipe, String script) throws Exception {
    return new ProcessBuilder(
            "sh", "-c", script, directory.resolve("keys.json").toString(), pipe.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void aKeysetWithoutAUsablePrimaryKeyIsNamed() throws Exception {
    Path file = written(SealingKeys.create().rotated());
    String json = Files.readString(file);
    for (String broken :
        List.of(
            json.replace("ENABLED", "DISABLED"),
            json.replaceFirst("\"primaryKeyId\":\\s*\\d+", "\"primaryKeyId\":1"))) {
      assertThat(broken).isNotEqualTo(json);
      assertThatThrownBy(() -> SealingKeys.parse(broken))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("primary");
    }
  }

  @Test
  void ofTwoRotationsAtOnceOneIsRefused() throws IOException {
    Path file = written(SealingKeys.create());
    String before = Files.readString(file);
    Path other = Files.createFile(directory.resolve("keys.json.new"));

    assertThatThrownBy(() -> SealingKeys.rotate(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("keys.json.new is there");
    assertThat(Files.readString(file)).isEqualTo(before);
    assertThat(other).exists();
  }

  @Test
  void noMessageQuotesAKey() throws Exception {
    Path file = written(SealingKeys.create());
    String json = Files.readString(file);
    Matcher matcher = MATERIAL.matcher(json);
    assertThat(matcher.find()).isTrue();
    String material = matcher.group(1);

    assertThat(SealingKeys.read(file).toString() + SealingKeys.read(file).keys())
        .doesNotContain(material);
    for (String broken :
        List.of(
            json.substring(1),
            json.replace("AesGcmHkdfStreamingKey", material),
            json.replace(material, material.substring(8)),
            json.replace("ENABLED", "DISABLED"),
            json.replace("\"value\"", "\"" + material + "\""),
            "",
            "{}")) {
      Files.writeString(file, broken);
      assertThat(catchThrowable(() -> SealingKeys.read(file)))
          .as(broken.replace(material, "KEY"))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasNoCause()
          .hasMessageNotContaining(material);
    }
  }

  @Test
  void otherKindsOfKeysAreRefused() throws Exception {
    for (var kind :
        List.of(
            PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB,
            PredefinedStreamingAeadParameters.AES128_GCM_HKDF_4KB,
            PredefinedStreamingAeadParameters.AES256_CTR_HMAC_SHA256_4KB)) {
      KeysetHandle handle = KeysetHandle.generateNew(kind, StreamingAeadConfig2026.get());
      assertThatThrownBy(() -> TinkKeysets.keys(handle))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("AES256_GCM_HKDF_4KB");
      Path file = directory.resolve(kind.hashCode() + ".json");
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file,
          TinkJsonProtoKeysetFormat.serializeKeyset(
              handle, StreamingAeadConfig2026.get(), InsecureSecretKeyAccess.get()));
      assertThatThrownBy(() -> SealingKeys.read(file))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("AES256_GCM_HKDF_4KB");
    }
  }

  @Test
  void aFileThatIsMissingOrTooLargeIsRefused() throws IOException {
    Path file = written(SealingKeys.create());
    Files.write(file, new byte[(1 << 20) + 1]);

    assertThatThrownBy(() -> SealingKeys.read(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("larger");
    for (Path none : List.of(directory.resolve("none"), directory)) {
      assertThatThrownBy(() -> SealingKeys.read(none))
          .isInstanceOf(InvalidConfigurationException.class);
    }
    assertThatThrownBy(() -> SealingKeys.create().writeNew(directory.resolve("none/keys.json")))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  /** A loader of the library's own classes, and of the libraries whose path has none of these. */
  private static URLClassLoader without(String... names) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String each :
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .split(File.pathSeparator, -1)) {
      if (List.of(names).stream().noneMatch(each::contains)) {
        urls.add(Path.of(each).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static Throwable failureWithout(String... names) throws Exception {
    try (URLClassLoader loader = without(names)) {
      Class<?> keys = loader.loadClass(SealingKeys.class.getName());
      return Objects.requireNonNull(
          catchThrowableOfType(
                  InvocationTargetException.class, () -> keys.getMethod("create").invoke(null))
              .getCause());
    }
  }

  @Test
  void whereTinkIsMissingItIsNamed() throws Exception {
    Throwable failure = failureWithout("com/google/crypto/tink");
    assertThat(failure.getClass().getName())
        .isEqualTo(InvalidConfigurationException.class.getName());
    assertThat(failure.getMessage()).contains("Google Tink is not on the class path");
    assertThat((String) failure.getClass().getMethod("hint").invoke(failure))
        .contains("com.google.crypto.tink:tink");
  }

  /** A node may have an older one of its own, which fails in the same way. */
  @Test
  void whereProtobufDoesNotFitItIsNamed() throws Exception {
    Throwable failure = failureWithout("com/google/protobuf");
    assertThat(failure.getClass().getName())
        .isEqualTo(InvalidConfigurationException.class.getName());
    assertThat(failure.getMessage()).contains("Google Tink does not load");
    assertThat((String) failure.getClass().getMethod("hint").invoke(failure))
        .contains("protobuf-java");
  }
}
