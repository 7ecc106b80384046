package com.fulcrologic.datomiccloudbackup;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that this library reports on purpose; one subclass for each decision
 * that a caller can make.
 *
 * <p>{@link #getMessage()} says in one line what happened and where (backup, t, segment, key);
 * {@link #hint()} says in one line what to do. Neither ever holds a value from a database or a
 * credential.
 */
public abstract class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;
  private transient Place place = Place.UNKNOWN;

  /**
   * The place of a failure, as far as it is known.
   *
   * @param backup the name of the backup
   * @param t a source t
   * @param range the t of a segment, or of a part of the log
   * @param key an object below the store
   */
  public record Place(
      Optional<String> backup, OptionalLong t, Optional<TxRange> range, Optional<String> key) {
    public static final Place UNKNOWN =
        new Place(Optional.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

    public static Place ofBackup(String name) {
      return new Place(Optional.of(name), OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    public static Place ofT(long t) {
      return new Place(Optional.empty(), OptionalLong.of(t), Optional.empty(), Optional.empty());
    }

    public static Place ofRange(TxRange range) {
      return new Place(
          Optional.empty(), OptionalLong.empty(), Optional.of(range), Optional.empty());
    }

    public static Place ofSegment(TxRange range, String key) {
      return new Place(
          Optional.empty(), OptionalLong.empty(), Optional.of(range), Optional.of(key));
    }

    private Place or(Place other) {
      return new Place(
          backup.or(other::backup),
          t.isPresent() ? t : other.t,
          range.or(other::range),
          key.or(other::key));
    }
  }

  protected BackupException(String message, String hint) {
    this(message, hint, null);
  }

  protected BackupException(String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** The place of the failure; everything is empty after a deserialization. */
  public final Place place() {
    return place;
  }

  /**
   * Runs work, and adds a place to the exception that it throws: each caller adds the part that it
   * knows, and an inner part stays.
   */
  public static <T> T at(Place place, Supplier<T> work) {
    try {
      return work.get();
    } catch (BackupException failure) {
      failure.place = failure.place.or(place);
      throw failure;
    }
  }

  /** Runs work as {@link #at(Place, Supplier)} does. */
  public static void at(Place place, Runnable work) {
    at(
        place,
        () -> {
          work.run();
          return place;
        });
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    place = Place.UNKNOWN;
  }

  /** The next step for the caller, in one line. */
  public final String hint() {
    return hint;
  }

  /**
   * A stand-in for a cause whose text may quote a value from a database: it keeps the class names
   * and the stack traces.
   */
  protected static @Nullable Throwable withoutText(@Nullable Throwable cause) {
    return cause == null ? null : WithoutText.of(cause, 0);
  }

  /** A cause that keeps the class and the stack trace, and drops the text. */
  private static final class WithoutText extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int DEPTH_MAX = 8;

    private WithoutText(String className, @Nullable Throwable cause) {
      super(className, cause);
    }

    private static WithoutText of(Throwable original, int depth) {
      Throwable cause = original.getCause();
      WithoutText copy =
          new WithoutText(
              original.getClass().getName(),
              cause == null || depth == DEPTH_MAX ? null : of(cause, depth + 1));
      copy.setStackTrace(original.getStackTrace());
      return copy;
    }
  }
}
