package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The documented schema of the JSON objects, and the validator that holds objects to it. */
final class JsonSchema {
  static final Path FILE = Path.of("docs/json-schema.json");
  private static final Schema SCHEMA = registry().getSchema(text(), InputFormat.JSON);

  private JsonSchema() {}

  /** Requires that the object is as the schema says. */
  static void hold(String object) {
    assertThat(errors(object)).as(object).isEmpty();
  }

  static List<Error> errors(String object) {
    return SCHEMA.validate(object, InputFormat.JSON);
  }

  static String text() {
    try {
      return Files.readString(FILE);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  }
}
