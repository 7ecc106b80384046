package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.BigInt;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes values for which {@code equals} means that Datomic stores the same value. */
public final class Values {
  private enum Nil {
    NIL
  }

  private Values() {}

  /** A URI by its text: {@code URI.equals} treats HTTP://A and http://a as equal. */
  private record UriText(String text) {}

  /**
   * The value, comparable by class and content: 1 is not 1N, 1.0M is not 1.00M, NaN is NaN. A
   * BigInt becomes the equal BigInteger, and -0.0 becomes 0.0.
   */
  public static Object canonical(@Nullable Object value) {
    if (value == null) {
      return Nil.NIL;
    }
    if (value instanceof URI uri) {
      return new UriText(uri.toString());
    }
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (value instanceof List<?> elements) {
      List<Object> canonical = new ArrayList<>(elements.size());
      for (Object element : elements) {
        canonical.add(canonical(element));
      }
      return canonical;
    }
    return reread(value);
  }

  /** A number as durable Datomic Local returns it when it reads its log back. */
  public static Object reread(Object number) {
    if (number instanceof BigInt big) {
      return big.toBigInteger();
    }
    if (number instanceof Double zero && zero == 0) {
      return 0.0;
    }
    return number instanceof Float zero && zero == 0 ? (Object) 0.0f : number;
  }
}
