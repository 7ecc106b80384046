package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link BackupStore} must do. To test one: extend this, return an empty store, a new
 * one for each test, and say how each {@link Fault} that can strike it is brought about; what it
 * cannot meet is skipped.
 */
public abstract class BackupStoreContract extends BackupStoreFaultsContract {
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

  /** Nothing here writes an object of no bytes, and some servers refuse one. */
  @Test
  void keepsNoBytesAtAllOrRefusesThem() {
    BackupStore store = emptyStore();
    try {
      assertThat(store.create("a", new byte[0])).isTrue();
    } catch (StoreException refused) {
      assertThat(store.read("a", 10)).isEmpty();
      assertThat(list(store, "", "")).isEmpty();
      return;
    }
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
}
