package com.fulcrologic.datomiccloudbackup.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line of JSON from maps, iterables, strings, numbers, booleans, instants and optionals
 * of these; an empty optional is null.
 */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  static String write(Map<String, ?> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(object, generator);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  /** An object of these fields, in this order, to which more may be added. */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /** A range as an object: its first and its last t, both included. */
  static Map<String, Object> range(TxRange range) {
    return object("firstT", range.startT(), "lastT", range.endT() - 1);
  }

  static List<Map<String, Object>> ranges(List<TxRange> ranges) {
    return ranges.stream().map(Json::range).toList();
  }

  static Map<String, Object> counts(Map<? extends Enum<?>, Long> counts) {
    Map<String, Object> json = new LinkedHashMap<>();
    counts.forEach((kind, count) -> json.put(name(kind), count));
    return json;
  }

  /** A constant's name, as in {@code foreign-source}. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void write(@Nullable Object value, JsonGenerator generator) throws IOException {
    if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeFieldName((String) entry.getKey());
        write(entry.getValue(), generator);
      }
      generator.writeEndObject();
    } else if (value instanceof Iterable<?> elements) {
      generator.writeStartArray();
      for (Object element : elements) {
        write(element, generator);
      }
      generator.writeEndArray();
    } else if (value instanceof Optional<?> optional) {
      write(optional.isPresent() ? optional.get() : null, generator);
    } else if (value instanceof OptionalLong optional) {
      write(optional.isPresent() ? optional.getAsLong() : null, generator);
    } else {
      generator.writePOJO(value instanceof Instant ? value.toString() : value);
    }
  }
}
