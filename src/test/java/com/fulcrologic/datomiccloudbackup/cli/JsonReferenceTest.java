package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.object;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.testing.ReadmeBlock;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The JSON schema is the one owner of the documented fields. {@link CommandRun} holds each object
 * that a command prints in a test to it, and this class the page: its tables are made from the
 * schema, which {@code -Dcli.reference.write=true} does anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonReferenceTest {
  private static final Path PAGE = Path.of("docs/json.adoc");
  private static final String GENERATED = "// Generated from here on by JsonReferenceTest.\n";

  private final Map<String, Object> schema = CommandRun.parse(JsonSchema.text());
  private final Map<String, Object> definitions = object(schema.get("$defs"));

  @Test
  void thePageDocumentsEveryField() throws IOException {
    String written = Files.readString(PAGE);
    int start = written.indexOf(GENERATED) + GENERATED.length();
    assertThat(start).isGreaterThan(GENERATED.length());
    String expected = written.substring(0, start) + reference();
    if (Boolean.getBoolean("cli.reference.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(Files.readString(PAGE))
        .as("run this test with -Dcli.reference.write=true, and look at what has changed")
        .isEqualTo(expected);
  }

  @Test
  void theExamplesOfThePageAreAsTheSchemaSays() throws IOException {
    List<ReadmeBlock> examples =
        ReadmeBlock.of(Files.readString(PAGE)).stream()
            .filter(block -> block.language().equals("json"))
            .toList();
    assertThat(examples).isNotEmpty();
    examples.forEach(example -> JsonSchema.hold(example.text()));
  }

  @Test
  void theSchemaIsOneOfItsDraft() {
    assertThat(
            JsonSchema.registry()
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(JsonSchema.text(), InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void everyCommandHasAnObject() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Console console = new Console(nowhere, nowhere, false);
    Set<String> commands =
        new TreeSet<>(
            Main.commandLine(console, new Failures(console, List.of())).getSubcommands().keySet());
    commands.remove("help"); // prints no JSON
    Map<String, Object> others = object(schema.get("else"));
    assertThat(new TreeSet<Object>(words(object(object(others.get("properties")).get("command")))))
        .isEqualTo(commands);
    assertThat((List<?>) others.get("allOf")).hasSize(commands.size());
  }

  @Test
  void everyKindHasAName() {
    assertThat(words(object(definitions.get("findingKind"))))
        .isEqualTo(Arrays.stream(CheckFinding.Kind.values()).map(Json::name).toList());
    assertThat(words(object(definitions.get("differenceKind"))))
        .isEqualTo(Arrays.stream(Difference.Kind.values()).map(Json::name).toList());
  }

  @Test
  void noObjectIsOpen() {
    requireClosed(schema, "the schema");
  }

  private static void requireClosed(Object value, String place) {
    if (value instanceof Map<?, ?> map) {
      if (map.containsKey("properties") && map.containsKey("required")) {
        assertThat(map.get("additionalProperties")).as(place).isEqualTo(false);
      }
      map.forEach(
          (key, inner) -> {
            if (inner != null) {
              requireClosed(inner, place + "/" + key);
            }
          });
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> requireClosed(Objects.requireNonNull(inner), place));
    }
  }

  /** A schema that accepts anything proves nothing. */
  @Test
  void whatIsNotDocumentedIsNoticed() {
    String version = succeeding("version", "--json").out().strip();
    assertThat(JsonSchema.errors(version)).isEmpty();
    String failure = CommandRun.of("segments", "--json").out().strip();
    assertThat(failure).startsWith("{\"command\":\"segments\",\"error\":");
    assertThat(JsonSchema.errors(failure)).isEmpty();
    for (String wrong :
        List.of(
            version.replace("}", ",\"more\":1}"),
            version.replace("\"java\"", "\"Java\""),
            version.replace("\"command\":\"version\"", "\"command\":\"vision\""),
            version.replace("\"command\":\"version\",", ""),
            failure.replace("\"code\":2", "\"code\":4"),
            failure.replace("\"hint\"", "\"hints\""),
            failure.replace("\"command\":\"segments\",", ""),
            "{\"command\":\"gaps\",\"name\":\"a\",\"store\":\"b\",\"gaps\":[{\"startT\":0,\"endT\":1}]}",
            "{\"command\":\"gaps\",\"name\":\"a\",\"store\":\"b\",\"gaps\":[{\"firstT\":\"0\",\"lastT\":1}]}")) {
      assertThat(JsonSchema.errors(wrong)).as(wrong).isNotEmpty();
    }
  }

  private String reference() {
    StringBuilder text = new StringBuilder();
    definitions.forEach(
        (name, value) -> {
          Map<String, Object> definition = object(value);
          if (definition.containsKey("properties")) {
            text.append("\n[#").append(name).append("]\n=== ").append(definition.get("title"));
            text.append("\n\n").append(definition.get("description")).append('\n');
            text.append("\n[%header,cols=\"3,3,8\"]\n|===\n| field | type | meaning\n");
            List<?> required = (List<?>) Objects.requireNonNull(definition.get("required"));
            object(definition.get("properties"))
                .forEach(
                    (field, type) ->
                        text.append("| `")
                            .append(field)
                            .append("` | ")
                            .append(type(object(type)))
                            .append(required.contains(field) ? "" : ", optional")
                            .append(" | ")
                            .append(object(type).get("description"))
                            .append('\n'));
            text.append("|===\n");
          }
        });
    return text.toString();
  }

  private String type(Map<String, Object> type) {
    if (type.get("$ref") instanceof String reference) {
      String name = reference.substring("#/$defs/".length());
      Map<String, Object> definition = object(definitions.get(name));
      return definition.containsKey("properties")
          ? "<<" + name + ">>"
          : definition.containsKey("enum")
              ? type(definition)
              : String.valueOf(definition.get("title"));
    }
    if (type.get("anyOf") instanceof List<?> choices) {
      return type(object(choices.get(0))) + " or null";
    }
    if (type.containsKey("const")) {
      return "`" + type.get("const") + "`";
    }
    if (type.containsKey("enum")) {
      return words(type).stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
    }
    if (type.get("items") != null) {
      return "array of " + type(object(type.get("items")));
    }
    if (type.get("properties") != null) {
      return object(type.get("properties")).entrySet().stream()
          .map(field -> "`" + field.getKey() + "`: " + type(object(field.getValue())))
          .collect(Collectors.joining(", ", "object of ", ""));
    }
    if (type.get("propertyNames") != null) {
      return "object of "
          + type(object(type.get("additionalProperties")))
          + " by "
          + type(object(type.get("propertyNames")));
    }
    return String.valueOf(type.get("type"));
  }

  private static List<?> words(Map<String, Object> type) {
    return (List<?>) Objects.requireNonNull(type.get("enum"));
  }
}
