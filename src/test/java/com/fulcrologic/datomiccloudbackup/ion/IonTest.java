package com.fulcrologic.datomiccloudbackup.ion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.java.api.Clojure;
import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The entry points as a Lambda calls them: JSON in, JSON out, until nothing is new. */
class IonTest {
  private static final String NAMESPACE = "com.fulcrologic.datomiccloudbackup.ion";

  @TempDir private Path directory;
  private static LocalSystem system;

  @BeforeAll
  static void load() {
    Clojure.var("clojure.core", "require").invoke(Clojure.read(NAMESPACE));
    system = LocalSystem.inMemory();
  }

  @Test
  void stepsGoOnUntilNothingIsNew() throws IOException {
    DatomicConnection source = system.database("ion-source");
    SampleWorld.fill(source);
    DatomicConnection target = system.database("ion-target");
    String input =
        input("ion-source", Map.of("target", system.clientMap(), "targetDb", "ion-target"));

    // Four fifths of no time: each call does the least that it can do.
    Object outOfTime = new Context(0);
    String first = call("backup-step", input, outOfTime);
    assertThat(first).startsWith("{\"done\":false,\"segments\":1,\"transactions\":10,");
    assertThat(call("status", input, null)).contains("\"gapCount\":0", "\"restored\":null");
    String second = call("backup-step", input, new Context(900_000));
    assertThat(second).startsWith("{\"done\":true,\"segments\":").doesNotContain("\"segments\":0");
    assertThat(call("backup-step", input, null))
        .isEqualTo("{\"done\":true,\"segments\":0,\"transactions\":0}");

    int calls = 1;
    String restored = call("restore-step", input, outOfTime);
    assertThat(restored).startsWith("{\"done\":false,");
    while (!restored.contains("\"done\":true")) {
      restored = call("restore-step", input, outOfTime);
      calls++;
    }
    assertThat(calls).isGreaterThan(2);
    assertThat(restored).isEqualTo("{\"done\":true,\"restoredThroughT\":" + source.basisT() + "}");
    assertThat(call("restore-step", input, null)).isEqualTo(restored);
    LogComparison.assertEqual(source, target);
    assertThat(call("status", input, null))
        .contains("\"lagT\":0", "\"target\":{\"restored\":{\"t\":");
  }

  @Test
  void configurationIsStrongerThanInput() throws IOException {
    system.database("ion-other");
    String input = input("ion-other", Map.of("store", "file:/nowhere/at/all"));
    Object config =
        RT.map(Keyword.intern("store"), "file:" + directory, Keyword.intern("transactions"), 10L);
    Object reply =
        Clojure.var(NAMESPACE, "backup-step")
            .invoke(RT.map(Keyword.intern("input"), input, Keyword.intern("config"), config));
    assertThat((String) reply).startsWith("{\"done\":true,\"segments\":1,");
  }

  @Test
  void whatIsWrongIsThrown() throws IOException {
    assertThatThrownBy(() -> call("backup-step", "{\"db\":", null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("not JSON");
    assertThatThrownBy(() -> call("backup-step", "{}", null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("store is missing");
    system.database("ion-empty");
    String input = input("ion-empty", Map.of());
    assertThatThrownBy(() -> call("status", input, null)).isInstanceOf(NoSuchBackupException.class);
  }

  /** Each key once with a value of another type; the value itself is not quoted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ":source 5",
        ":source [:canary]",
        ":target :canary",
        ":db :canary",
        ":targetDb 7",
        ":store {:canary 1}",
        ":name canary",
        ":keys 5",
        ":keyset {:canary 1}",
        ":exclude \"canary\"",
        ":exclude [7]",
        ":transactions \"50\"",
        ":transactions 0",
        ":transactions 5.5",
        ":transactions 3000000000",
        ":seconds \"canary\""
      })
  void aValueOfAnotherTypeIsRefusedByItsKey(String wrong) {
    String key = wrong.substring(1, wrong.indexOf(' '));
    Object config = Edn.read("{" + wrong + "}");
    for (String entryPoint : List.of("backup-step", "restore-step", "status")) {
      assertThatThrownBy(() -> invoke(entryPoint, RT.map(Keyword.intern("config"), config)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageStartingWith("Failed to begin: " + key + " is not a")
          .hasMessageNotContaining("canary");
    }
    assertThatThrownBy(() -> call("backup-step", "{\"transactions\":\"50\"}", null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("transactions is not a whole number");
  }

  /** As a Clojure program writes a configuration: the client map is a map, idents are keywords. */
  @Test
  void clojureValuesAreAccepted() {
    SampleWorld.fill(system.database("ion-clojure"));
    system.database("ion-clojure-target");
    Object config =
        Edn.read(
            "{:source "
                + system.clientMap()
                + " :target "
                + system.clientMap()
                + " :db \"ion-clojure\" :targetDb \"ion-clojure-target\" :exclude [:w/email] :store "
                + Edn.write("file:" + directory.resolve("clojure"))
                + "}");
    Object arguments = RT.map(Keyword.intern("config"), config);
    assertThat((String) invoke("backup-step", arguments)).startsWith("{\"done\":true,");
    assertThat((String) invoke("restore-step", arguments)).startsWith("{\"done\":true,");
    assertThat((String) invoke("status", arguments)).contains("\"lagT\":0,", "\"target\":");
  }

  /** JSON has no keywords. */
  @Test
  void aClientMapMayBeAJsonObject() {
    SampleWorld.fill(system.database("ion-json"));
    String clientMap =
        system
            .clientMap()
            .replaceAll(":([a-z-]+) :?\"?([^\\s,}\"]+)\"?", "\"$1\":\"$2\",")
            .replace(",}", "}")
            .replace("\"mem\"", "\":mem\"");
    String input =
        "{\"source\":%s,\"db\":\"ion-json\",\"store\":\"file:%s\"}"
            .formatted(clientMap, directory.resolve("json"));
    assertThat(call("backup-step", input, null)).startsWith("{\"done\":true,");
  }

  /** They would be lost: encryption was asked for, and nothing is encrypted. */
  @Test
  void parametersOfAStoreAreRefused() throws IOException {
    String input = input("ion-none", Map.of("store", "s3://bucket/prefix?sse=aws:kms"));
    assertThatThrownBy(() -> call("status", input, null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("has parameters");
  }

  /** From a file or from the text of a secret; an input cannot give other keys. */
  @Test
  void aSealedStoreNeedsItsKeys() throws IOException {
    DatomicConnection source = system.database("ion-sealed");
    SampleWorld.fill(source);
    Path file = directory.resolve("keys.json");
    SealingKeys.create().writeNew(file);
    String keyset = Files.readString(file);
    String plain = input("ion-sealed", Map.of());
    String byFile = input("ion-sealed", Map.of("keys", file.toString()));
    Map<String, String> target = Map.of("target", system.clientMap(), "targetDb", "ion-opened");
    DatomicConnection opened = system.database("ion-opened");

    assertThat(call("backup-step", byFile, null)).startsWith("{\"done\":true,");
    for (String entryPoint : List.of("backup-step", "status")) {
      assertThatThrownBy(() -> call(entryPoint, plain, null))
          .isInstanceOf(SealingKeyException.class);
    }
    Map<String, String> byText = new TreeMap<>(target);
    byText.put("keyset", keyset);
    assertThat(call("restore-step", input("ion-sealed", byText), null))
        .startsWith("{\"done\":true,");
    LogComparison.assertEqual(source, opened);
    Object arguments =
        RT.map(
            Keyword.intern("input"),
            byFile,
            Keyword.intern("config"),
            RT.map(Keyword.intern("keyset"), keyset));
    assertThatThrownBy(() -> invoke("status", arguments))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("keys and keyset are both given")
        .hasMessageNotContaining("keyData");
  }

  @Test
  void aGapHasItsFirstAndItsLastT() throws IOException {
    DatomicConnection source = system.database("ion-gaps");
    SampleWorld.fill(source);
    FilesystemBackupStore store = FilesystemBackupStore.at(directory.resolve("store"));
    Cloning cloning = Cloning.with(store);
    for (TxRange stored : List.of(new TxRange(0, 10), new TxRange(20, 25))) {
      cloning.backupRange("ion-gaps", source, stored, BackupOptions.DEFAULTS);
    }
    assertThat(call("status", input("ion-gaps", Map.of()), null))
        .contains("\"gaps\":[{\"firstT\":10,\"lastT\":19}]");
  }

  @Test
  void everyCallIsResolvedWhenItIsCompiled() {
    Object warnings =
        Clojure.var("clojure.core", "load-string")
            .invoke(
                "(let [said (java.io.StringWriter.)] (binding [*err* said] (require '"
                    + NAMESPACE
                    + " :reload)) (str said))");
    assertThat(warnings).isEqualTo("");
  }

  /**
   * What comes to an Ion with this library must be what its node has: Clojure 1.11, slf4j 1.7, the
   * first AWS SDK at 1.12.564, and Datomic's own client with its transit.
   */
  @Test
  void nothingComesAtCompileScopeThatANodeHasOtherwise() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Map<String, String> compileScope = new TreeMap<>();
    var dependencies =
        Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL)
            .matcher(pom.substring(pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>")));
    while (dependencies.find()) {
      String dependency = dependencies.group(1);
      if (!dependency.contains("<scope>") && !dependency.contains("<optional>true")) {
        compileScope.put(
            first(dependency, "artifactId"), resolved(pom, first(dependency, "version")));
      }
    }
    assertThat(compileScope.keySet())
        .containsExactly("client-cloud", "clojure", "slf4j-api", "transit-java");
    assertThat(compileScope.get("clojure")).startsWith("1.11.");
    assertThat(compileScope.get("slf4j-api")).startsWith("1.7.");
    assertThat(first(pom, "aws-java-sdk-s3.version")).isEqualTo("1.12.564");
  }

  private static String first(String xml, String element) {
    var found = Pattern.compile("<" + Pattern.quote(element) + ">([^<]*)<").matcher(xml);
    assertThat(found.find()).as(element).isTrue();
    return found.group(1);
  }

  private static String resolved(String pom, String version) {
    return version.startsWith("${")
        ? first(pom, version.substring(2, version.length() - 1))
        : version;
  }

  private String input(String database, Map<String, String> more) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    fields.put("source", system.clientMap());
    fields.put("db", database);
    fields.put("store", "file:" + directory.resolve("store"));
    fields.putAll(more);
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      generator.writeStartObject();
      for (Map.Entry<String, String> field : fields.entrySet()) {
        generator.writeStringField(field.getKey(), field.getValue());
      }
      generator.writeNumberField("transactions", 10);
      generator.writeEndObject();
    }
    return text.toString();
  }

  private static String call(String entryPoint, String input, @Nullable Object context) {
    return (String)
        invoke(
            entryPoint, RT.map(Keyword.intern("input"), input, Keyword.intern("context"), context));
  }

  private static Object invoke(String entryPoint, Object arguments) {
    return Clojure.var(NAMESPACE, entryPoint).invoke(arguments);
  }

  /** As much of a Lambda's context as is looked at. */
  static final class Context {
    private final int millis;

    Context(int millis) {
      this.millis = millis;
    }

    public int getRemainingTimeInMillis() {
      return millis;
    }
  }
}
