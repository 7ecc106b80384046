package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of the command line in this process, and what it printed. */
record CommandRun(int exitCode, String out, String err) {

  /** Runs it, and holds a JSON object that it prints to the schema. */
  static CommandRun of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    CommandRun run =
        new CommandRun(
            exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    if (run.out().startsWith("{")) {
      run.json();
    }
    return run;
  }

  /** Runs it, and requires that it goes well. */
  static CommandRun succeeding(String... args) {
    CommandRun run = of(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  /**
   * Runs it with and without {@code --json}, and requires that it fails as a failure should: that
   * code, one line of error, one of hint, no stack trace, nothing else but the JSON object.
   */
  static CommandRun failing(int exitCode, String... args) {
    CommandRun run = of(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
    run.requireTwoLines();
    CommandRun json =
        of(Stream.concat(Stream.of(args), Stream.of("--json")).toArray(String[]::new));
    assertThat(json.exitCode()).as(json.err()).isEqualTo(exitCode);
    json.requireTwoLines();
    assertThat(json.json()).containsEntry("command", args.length == 0 ? null : args[0]);
    assertThat(json.error())
        .containsEntry("code", (long) exitCode)
        .hasEntrySatisfying("message", said -> assertThat(json.err()).contains((String) said))
        .hasEntrySatisfying("hint", said -> assertThat(json.err()).contains((String) said));
    return run;
  }

  private void requireTwoLines() {
    List<String> lines = err.lines().toList();
    assertThat(lines).as("standard error").hasSize(2);
    assertThat(lines.get(0)).startsWith("error: ");
    assertThat(lines.get(1)).startsWith("hint: ");
  }

  /** The one JSON object on standard output, which is as the schema says. */
  Map<String, Object> json() {
    assertThat(out.lines()).as("standard output").hasSize(1);
    JsonSchema.hold(out);
    return parse(out);
  }

  static Map<String, Object> parse(String json) {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      Map<String, Object> object = object(read(parser));
      assertThat(parser.nextToken()).as("what follows the object").isNull();
      return object;
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  Map<String, Object> error() {
    return object(json().get("error"));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(@Nullable Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          assertThat(object.put(name, read(parser))).as("a second " + name).isNull();
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(read(parser));
        }
        yield array;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }
}
