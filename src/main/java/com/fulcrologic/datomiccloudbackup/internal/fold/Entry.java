package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.nio.ByteBuffer;

/**
 * An assertion or retraction of a value, as bytes: a head, the value's normal bytes, and, if these
 * are not the exact ones, the size of those, and they themselves.
 */
final class Entry {
  private static final int ADDED = 1;
  private static final int NORMAL = 2;
  private static final int SIZE_SHIFT = 2;

  private Entry() {}

  /** Appends what a datom says; overwrites the scratch. */
  static void put(Datom datom, Bytes scratch, Bytes out) {
    boolean isNormal = ValueBytes.isNormal(datom.v());
    scratch.clear();
    ValueBytes.put(datom.v(), /* normal= */ true, scratch);
    out.putUnsigned(
        ((long) scratch.size() << SIZE_SHIFT)
            | (isNormal ? NORMAL : 0)
            | (datom.added() ? ADDED : 0));
    out.put(scratch.array(), 0, scratch.size());
    if (!isNormal) {
      scratch.clear();
      ValueBytes.put(datom.v(), /* normal= */ false, scratch);
      out.putUnsigned(scratch.size());
      out.put(scratch.array(), 0, scratch.size());
    }
  }

  /** Reads the head, and leaves the cursor at the normal bytes, of which it returns the size. */
  static int normalSize(ByteBuffer in) {
    return (int) (Bytes.getUnsigned(in) >>> SIZE_SHIFT);
  }

  /** Moves behind an entry; whether it is an assertion. */
  static boolean skip(ByteBuffer in) {
    long head = Bytes.getUnsigned(in);
    skip((int) (head >>> SIZE_SHIFT), in);
    if ((head & NORMAL) == 0) {
      skip((int) Bytes.getUnsigned(in), in);
    }
    return (head & ADDED) != 0;
  }

  private static void skip(int count, ByteBuffer in) {
    in.position(in.position() + count);
  }

  static Object value(ByteBuffer in) {
    long head = Bytes.getUnsigned(in);
    if ((head & NORMAL) == 0) {
      skip((int) (head >>> SIZE_SHIFT), in);
      Bytes.getUnsigned(in);
    }
    Object value = ValueBytes.get(in);
    if (value == null) {
      throw new IllegalStateException("a datom without a value");
    }
    return value;
  }
}
