package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link BackupStore} must do. To test one: extend this, and return an empty store, a
 * new one for each test.
 */
public abstract class BackupStoreContract {
  /** More than two pages of S3. */
  private static final int MANY = 2_501;

  private static final int RACERS = 16;

  /** An empty store: called once by each test. */
  protected abstract BackupStore emptyStore();

  /** Another instance over the same place, as another process would have it. */
  protected abstract BackupStore sameStore(BackupStore store);

  @Test
  void readsWhatWasCreated() {
    BackupStore store = emptyStore();

    assertThat(store.create("orders/segments/a", bytes("one"))).isTrue();

    assertThat(store.read("orders/segments/a", 100)).hasValue(bytes("one"));
    assertThat(sameStore(store).read("orders/segments/a", 100)).hasValue(bytes("one"));
  }

  @Test
  void neverOverwrites() {
    BackupStore store = emptyStore();
    store.create("a", bytes("first"));

    assertThat(store.create("a", bytes("second"))).isFalse();
    assertThat(store.create("a", bytes("first"))).isFalse();
    assertThat(sameStore(store).create("a", bytes("third"))).isFalse();

    assertThat(store.read("a", 100)).hasValue(bytes("first"));
    assertThat(list(store, "", "")).containsExactly(new StoredObject("a", 5));
  }

  @Test
  void keepsItsOwnCopyOfTheContent() {
    BackupStore store = emptyStore();
    byte[] content = bytes("one");
    store.create("a", content);
    content[0] = 0;

    byte[] read = store.read("a", 100).orElseThrow();
    assertThat(read).isEqualTo(bytes("one"));
    read[0] = 0;

    assertThat(store.read("a", 100)).hasValue(bytes("one"));
  }

  @Test
  void readsTheFirstBytes() {
    BackupStore store = emptyStore();
    store.create("a", bytes("0123456789"));

    assertThat(store.read("a", 0)).hasValue(bytes(""));
    assertThat(store.read("a", 4)).hasValue(bytes("0123"));
    assertThat(store.read("a", 10)).hasValue(bytes("0123456789"));
    assertThat(store.read("a", 11)).hasValue(bytes("0123456789"));
    assertThat(store.read("a", Integer.MAX_VALUE)).hasValue(bytes("0123456789"));
    assertThatThrownBy(() -> store.read("a", -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsNothingWhereThereIsNothing() {
    BackupStore store = emptyStore();
    assertThat(store.read("a", 10)).isEmpty();
    store.create("a/b", bytes("one"));

    assertThat(store.read("b", 10)).isEmpty();
    assertThat(store.read("a", 10)).isEmpty();
    assertThat(store.read("a/c", 10)).isEmpty();
    assertThat(store.read("a/b/c", 10)).isEmpty();
    assertThat(store.read("a/b/c/d", 10)).isEmpty();
  }

  @Test
  void keepsNoBytesAtAll() {
    BackupStore store = emptyStore();

    assertThat(store.create("a", new byte[0])).isTrue();
    assertThat(store.create("a", bytes("one"))).isFalse();

    assertThat(store.read("a", 10)).hasValue(new byte[0]);
    assertThat(list(store, "", "")).containsExactly(new StoredObject("a", 0));
  }

  @Test
  void keepsEveryByte() {
    BackupStore store = emptyStore();
    byte[] content = new byte[1024];
    IntStream.range(0, content.length).forEach(i -> content[i] = (byte) i);

    store.create("a", content);

    assertThat(store.read("a", 2000)).hasValue(content);
  }

  @Test
  void keepsTwentyMegabytes() {
    BackupStore store = emptyStore();
    byte[] content = new byte[20_000_003];
    new Random(1).nextBytes(content);

    assertThat(store.create("a", content)).isTrue();

    assertThat(Arrays.equals(store.read("a", Integer.MAX_VALUE).orElseThrow(), content)).isTrue();
    assertThat(Arrays.equals(store.read("a", 70_000).orElseThrow(), Arrays.copyOf(content, 70_000)))
        .isTrue();
    assertThat(list(store, "", "")).containsExactly(new StoredObject("a", content.length));
  }

  @Test
  void letsExactlyOneOfManyRacersCreate() throws Exception {
    BackupStore store = emptyStore();
    BackupStore other = sameStore(store);
    for (int round = 0; round < 10; round++) {
      String key = "orders/" + round;
      List<Boolean> created =
          inParallel(
              RACERS, racer -> (racer % 2 == 0 ? store : other).create(key, new byte[] {racer}));

      assertThat(created).containsOnlyOnce(true);
      assertThat(store.read(key, 10)).hasValue(new byte[] {(byte) created.indexOf(true)});
    }
  }

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a.b", "A", "ä", "a b",
        "a\\b", "a\u0000", "a\n", "a%2f", "~", "a:b", "C:/a", "\ud800", "a*", "a?b", "a#b"
      })
  void refusesWhatIsNoKey(String key) {
    BackupStore store = emptyStore();

    assertThatThrownBy(() -> store.create(key, bytes("one")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.read(key, 10)).isInstanceOf(IllegalArgumentException.class);
    assertThat(keys(store, "", "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/etc/", "a//", "../", "a/../", "A", "ä", "a b", "\u0000", "."})
  void refusesWhatBeginsNoKey(String prefix) {
    BackupStore store = emptyStore();

    assertThatThrownBy(() -> store.list(prefix, "")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void acceptsKeysUpToTheLimitAndNotBeyond() {
    BackupStore store = emptyStore();
    String longest = "a".repeat(255) + "/" + "b".repeat(256 - 10) + "/" + "c".repeat(9);

    assertThat(longest).hasSize(512);
    assertThat(store.create(longest, bytes("one"))).isTrue();
    assertThat(store.read(longest, 10)).hasValue(bytes("one"));
    assertThat(keys(store, "", "")).containsExactly(longest);
    assertThatThrownBy(() -> store.create(longest + "c", bytes("one")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.create("a".repeat(256), bytes("one")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysWhereItIs() {
    assertThat(emptyStore().location()).isNotBlank();
  }

  private static void create(BackupStore store, String key) {
    assertThat(store.create(key, new byte[1])).isTrue();
  }

  private static List<String> keys(BackupStore store, String prefix, String startAfter) {
    return list(store, prefix, startAfter).stream().map(StoredObject::key).toList();
  }

  private static List<StoredObject> list(BackupStore store, String prefix, String startAfter) {
    try (Stream<StoredObject> objects = store.list(prefix, startAfter)) {
      return objects.toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One of the racers' turn. */
  private interface Turn<T> {
    T take(byte racer) throws Exception;
  }

  private static <T> List<T> inParallel(int count, Turn<T> turn) throws Exception {
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
