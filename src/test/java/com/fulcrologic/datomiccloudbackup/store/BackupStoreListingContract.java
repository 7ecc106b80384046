package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the listings of every {@link BackupStore} must do: a part of {@link BackupStoreContract}.
 */
abstract class BackupStoreListingContract {
  static final int RACERS = 16;

  /** More than two pages of S3. */
  private static final int MANY = 2_501;

  /** An empty store: called once by each test. */
  protected abstract BackupStore emptyStore();

  /** Another instance over the same place, as another process would have it. */
  protected abstract BackupStore sameStore(BackupStore store);

  @Test
  void listsInAscendingOrderOfKey() {
    BackupStore store = emptyStore();
    List<String> keys =
        List.of(
            "a", "a-/b", "a-b", "a0", "a1/b", "a_", "ab/-", "ab/0", "ab/0-", "ab/b/c", "b-/a",
            "b/a", "b0", "b_/a");
    keys.stream().sorted(Comparator.reverseOrder()).forEach(key -> create(store, key));

    assertThat(keys(store, "", "")).isEqualTo(keys);
    for (int i = 0; i < keys.size(); i++) {
      assertThat(keys(store, "", keys.get(i))).isEqualTo(keys.subList(i + 1, keys.size()));
    }
  }

  @Test
  void listsByPrefix() {
    BackupStore store = emptyStore();
    List.of("a/b/1", "a/b/2", "a/bc/1", "ab/1", "b/1").forEach(key -> create(store, key));

    assertThat(keys(store, "a/b/", "")).containsExactly("a/b/1", "a/b/2");
    assertThat(keys(store, "a/b", "")).containsExactly("a/b/1", "a/b/2", "a/bc/1");
    assertThat(keys(store, "a/b/2", "")).containsExactly("a/b/2");
    assertThat(keys(store, "a", "")).containsExactly("a/b/1", "a/b/2", "a/bc/1", "ab/1");
    assertThat(keys(store, "c/", "")).isEmpty();
    assertThat(keys(store, "b/1/", "")).isEmpty();
  }

  @Test
  void listsAfterAnyText() {
    BackupStore store = emptyStore();
    List.of("a/b/1", "a/b/2", "a/c", "b").forEach(key -> create(store, key));

    assertThat(keys(store, "a/b/", "a/b/1")).containsExactly("a/b/2");
    assertThat(keys(store, "a/b/", "a/b/1x")).containsExactly("a/b/2");
    assertThat(keys(store, "a/b/", "a")).containsExactly("a/b/1", "a/b/2");
    assertThat(keys(store, "a/b/", "a/b")).containsExactly("a/b/1", "a/b/2");
    assertThat(keys(store, "a/b/", "a/b/2")).isEmpty();
    assertThat(keys(store, "a/b/", "b")).isEmpty();
    assertThat(keys(store, "", "a/b0")).containsExactly("a/c", "b");
    assertThat(keys(store, "", "A b.txt")).containsExactly("a/b/1", "a/b/2", "a/c", "b");
  }

  @Test
  void listsNothingInAnEmptyStore() {
    BackupStore store = emptyStore();

    assertThat(keys(store, "", "")).isEmpty();
    assertThat(keys(store, "a/b/", "a/b/c")).isEmpty();
  }

  @Test
  void listsMoreThanTwoPages() throws Exception {
    BackupStore store = emptyStore();
    List<String> expected =
        IntStream.range(0, MANY).mapToObj(i -> String.format(Locale.ROOT, "many/%05d", i)).toList();
    inParallel(
        RACERS,
        racer -> {
          for (int i = racer; i < MANY; i += RACERS) {
            create(store, expected.get(i));
          }
          return true;
        });
    create(store, "other/1");

    assertThat(keys(store, "many/", "")).isEqualTo(expected);
    assertThat(keys(store, "many/", "many/01000")).isEqualTo(expected.subList(1_001, MANY));
    try (Stream<StoredObject> objects = store.list("many/", "")) {
      assertThat(objects.findFirst()).hasValue(new StoredObject("many/00000", 1));
    }
    Stream<StoredObject> unread = store.list("many/", "");
    unread.close();
    assertThat(keys(store, "other/", "")).containsExactly("other/1");
  }

  static void create(BackupStore store, String key) {
    assertThat(store.create(key, new byte[1])).isTrue();
  }

  static List<String> keys(BackupStore store, String prefix, String startAfter) {
    return list(store, prefix, startAfter).stream().map(StoredObject::key).toList();
  }

  static List<StoredObject> list(BackupStore store, String prefix, String startAfter) {
    try (Stream<StoredObject> objects = store.list(prefix, startAfter)) {
      return objects.toList();
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One of the racers' turn. */
  interface Turn<T> {
    T take(byte racer) throws Exception;
  }

  static <T> List<T> inParallel(int count, Turn<T> turn) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Callable<T>> turns = new ArrayList<>();
      for (byte racer = 0; racer < count; racer++) {
        byte mine = racer;
        turns.add(() -> turn.take(mine));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(turns)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
