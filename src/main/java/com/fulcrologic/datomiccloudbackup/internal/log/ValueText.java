package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** A value of an attribute, read from a text by the attribute's type. Immutable. */
public record ValueText(long attribute, Object value) {
  /**
   * Reads the text.
   *
   * @throws InvalidConfigurationException when the text is no value of the type; without the text
   */
  public static ValueText of(Attribute attribute, String text) {
    try {
      return new ValueText(attribute.id(), read(attribute.valueType().getName(), text));
    } catch (RuntimeException unreadable) { // has the text in its message
      throw new InvalidConfigurationException(
          "Failed to read the value given for %s: it is not written like %s"
              .formatted(attribute.ident(), attribute.valueType()),
          "write a string as it is, a number in decimal, a date like 2024-02-29T06:41:09.120Z, a"
              + " reference as an entity id; tuples and bytes cannot be given");
    }
  }

  private static Object read(String type, String text) {
    return switch (type) {
      case "string" -> text;
      case "keyword" -> Edn.keyword(text);
      case "symbol" -> Symbol.intern(text);
      case "boolean" -> bool(text);
      case "long", "ref" -> Long.valueOf(text);
      case "double" -> Double.valueOf(text);
      case "float" -> Float.valueOf(text);
      case "bigint" -> new BigInteger(text);
      case "bigdec" -> new BigDecimal(text);
      case "uuid" -> UUID.fromString(text);
      case "uri" -> URI.create(text);
      case "instant" -> Date.from(Instant.parse(text));
      default -> throw new IllegalArgumentException("no text has this type");
    };
  }

  private static Boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("neither true nor false");
    }
    return Boolean.valueOf(text);
  }

  /** Whether the datom asserts or retracts this value, of any entity. */
  public boolean isOf(Datom datom) {
    if (datom.a() != attribute) {
      return false;
    }
    if (datom.v() instanceof BigDecimal other && value instanceof BigDecimal number) {
      return number.compareTo(other) == 0;
    }
    return Values.canonical(datom.v()).equals(Values.canonical(value));
  }

  /** Without the value, which is a person's. */
  @Override
  public String toString() {
    return "a value of attribute " + attribute;
  }
}
