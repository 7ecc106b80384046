package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FilesystemBackupStoreTest extends BackupStoreContract {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path parent;

  @Override
  protected BackupStore emptyStore() {
    return FilesystemBackupStore.at(root());
  }

  @Override
  protected BackupStore sameStore(BackupStore store) {
    return FilesystemBackupStore.at(root());
  }

  @Override
  protected Optional<BackupStore> storeWith(Fault fault, Strikes strikes) {
    return switch (fault) {
      case LOST_REPLY, BROKEN, CUT_READ, ACCESS_DENIED, READ_ONLY, FULL ->
          Optional.of(FilesystemBackupStore.at(root(), new FaultyDisk(fault, strikes)));
      case BUSY, STALLED_READ -> Optional.empty(); // a disk makes its user wait
    };
  }

  @Override
  protected List<String> leftovers(BackupStore store) {
    try (Stream<Path> files = Files.walk(root())) {
      List<String> keys = keys(store);
      return files
          .filter(Files::isRegularFile)
          .map(file -> root().relativize(file).toString())
          .filter(file -> !keys.contains(file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path root() {
    return parent.resolve("store");
  }

  @Test
  void makesItsDirectoryWithTheFirstObjectAndNotBefore() {
    BackupStore store = emptyStore();

    assertThat(keys(store)).isEmpty();
    assertThat(store.read("a", 1)).isEmpty();
    assertThat(root()).doesNotExist();
    store.create("a", CONTENT);
    assertThat(root().resolve("a")).hasBinaryContent(CONTENT);
  }

  @Test
  void neverMakesTheDirectoryAboveItsOwn() {
    BackupStore store = FilesystemBackupStore.at(parent.resolve("typo/store"));

    assertInvalidConfiguration(store, parent.resolve("typo").toString());
    assertThat(parent.resolve("typo")).doesNotExist();
  }

  @Test
  void refusesAFileAsItsDirectory() throws IOException {
    Files.write(root(), CONTENT);

    assertInvalidConfiguration(emptyStore(), "is a file, not a directory");
    assertThat(root()).hasBinaryContent(CONTENT);
  }

  private static void assertInvalidConfiguration(BackupStore store, String message) {
    assertThatThrownBy(() -> store.create("a", CONTENT))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> store.read("a", 10))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> keys(store))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void leavesNothingInTmp() {
    BackupStore store = emptyStore();
    store.create("a", CONTENT);
    store.create("a", CONTENT);

    assertThat(tmp()).isEmptyDirectory();
  }

  @Test
  void doesNotListTmp() throws IOException {
    BackupStore store = emptyStore();
    store.create("a", CONTENT);
    Files.write(tmp().resolve("leftover"), CONTENT);

    assertThat(keys(store)).containsExactly("a");
  }

  @Test
  void removesLeftoversOfDeadWritersOnlyWhenOld() throws IOException {
    BackupStore store = emptyStore();
    store.create("a", CONTENT);
    Path old = Files.write(tmp().resolve("old"), CONTENT);
    Path young = Files.write(tmp().resolve("young"), CONTENT);
    age(old, FilesystemPublisher.LEFTOVER_AGE_MIN.plusMinutes(1));
    age(young, FilesystemPublisher.LEFTOVER_AGE_MIN.minusMinutes(10));

    store.create("b", CONTENT);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  /** A share whose clock is two days behind: what is written now looks old to this machine. */
  @Test
  void takesTheAgeOfALeftoverByTheClockOfTheFileSystem() throws IOException {
    Duration behind = Duration.ofDays(2);
    Disk share =
        new Disk() {
          @Override
          public void force(Path path, FileChannel channel) throws IOException {
            Disk.super.force(path, channel);
            if (Files.isRegularFile(path)) {
              age(path, behind);
            }
          }
        };
    BackupStore store = FilesystemBackupStore.at(root(), share);
    store.create("a", CONTENT);
    Path inTheMaking = Files.write(tmp().resolve("of-another-writer"), CONTENT);
    age(inTheMaking, behind.plusMinutes(1));
    Path old = Files.write(tmp().resolve("old"), CONTENT);
    age(old, behind.plusHours(25));

    store.create("b", CONTENT);

    assertThat(inTheMaking).exists();
    assertThat(old).doesNotExist();
  }

  private static void age(Path path, Duration age) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void failsWhereAFileStandsInTheWayAndLeavesItAlone() throws IOException {
    BackupStore store = emptyStore();
    store.create("orders", CONTENT);

    assertThatThrownBy(() -> store.create("orders/segments/a", CONTENT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("create orders/segments/a");
    assertThat(store.read("orders", 10)).hasValue(CONTENT);
    assertThat(tmp()).isEmptyDirectory();
  }

  @Test
  void failsWhenADirectoryHasTheNameOfTheObject() {
    BackupStore store = emptyStore();
    store.create("orders/a", CONTENT);

    assertThatThrownBy(() -> store.create("orders", CONTENT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("a directory has this name");
    assertThat(store.read("orders", 10)).isEmpty();
  }

  @Test
  void failsWhenTmpIsAFile() throws IOException {
    Files.createDirectory(root());
    Files.write(tmp(), CONTENT);

    assertThatThrownBy(() -> emptyStore().create("a", CONTENT)).isInstanceOf(StoreException.class);
    assertThat(root().resolve("a")).doesNotExist();
  }

  @Test
  void tellsRefusedAccessFromOtherFaultsAndLeavesNothing() {
    assertFailsWith(new AccessDeniedException(root().toString()), StoreAccessDeniedException.class);
    assertFailsWith(new IOException("No space left on device"), StoreException.class);
    assertFailsWith(new FileSystemException("a", "b", "I/O error"), StoreException.class);
  }

  /** The fault strikes the first link alone, so it is not taken for a file system without links. */
  private void assertFailsWith(IOException fault, Class<? extends BackupException> expected) {
    Disk failing =
        linkingBy(
            (link, existing) -> {
              if (!link.toString().endsWith("-link")) {
                throw fault;
              }
            });
    assertFailsWith(failing, fault, expected);
  }

  private void assertFailsWith(
      Disk disk, IOException fault, Class<? extends BackupException> expected) {
    assertThatThrownBy(() -> FilesystemBackupStore.at(root(), disk).create("a", CONTENT))
        .isInstanceOf(expected)
        .hasMessageStartingWith("Failed to create a in file:" + root())
        .hasCause(fault);
    assertThat(root().resolve("a")).doesNotExist();
    assertThat(tmp()).isEmptyDirectory();
  }

  @Test
  void leavesNothingWhenTheDiskIsFull() {
    IOException full = new IOException("No space left on device");
    Disk fullDisk = forcingBy(fails(root().resolve(".tmp"), full));

    assertFailsWith(fullDisk, full, StoreException.class);
  }

  @Test
  void leavesNothingWhenTheDiskIsFullWhereThereAreNoLinks() {
    IOException full = new IOException("No space left on device");
    Forcing fullDisk = fails(root().resolve("a"), full);
    Disk without =
        new Disk() {
          @Override
          public void link(Path link, Path existing) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void force(Path path, FileChannel channel) throws IOException {
            fullDisk.force(path);
          }
        };

    assertFailsWith(without, full, StoreException.class);
  }

  @Test
  void forcesTheContentBeforeItIsPublishedAndTheNamesAfter() {
    List<String> steps = new ArrayList<>();
    BackupStore store = FilesystemBackupStore.at(root(), recording(steps));

    store.create("a/b/c", CONTENT);
    assertThat(steps)
        .containsExactly(
            "force ",
            "force store",
            "force store/a",
            "force a file in tmp",
            "link store/a/b/c",
            "force store/a/b");

    steps.clear();
    store.create("a/b/d", CONTENT);
    assertThat(steps).containsExactly("force a file in tmp", "link store/a/b/d", "force store/a/b");
  }

  /** CIFS answers so before Linux 4.17 [libgit2#5356]. */
  @ParameterizedTest
  @ValueSource(strings = {"Invalid argument", "Operation not supported"})
  void storesWhereNoDirectoryCanBeForced(String answer) {
    BackupStore store = FilesystemBackupStore.at(root(), refusingDirectories(answer));
    assertThat(store.create("a/b", CONTENT)).isTrue();
    assertThat(store.create("a/b", CONTENT)).isFalse();
    assertThat(store.read("a/b", 10)).hasValue(CONTENT);
    Forcing refuses = fails(root(), new IOException(answer));
    assertThatThrownBy(
            () -> FilesystemBackupStore.at(root(), forcingBy(refuses)).create("a/c", CONTENT))
        .as("the content itself must be forced")
        .isInstanceOf(StoreException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Input/output error", "No space left on device", "Stale file handle"})
  void stopsWhereADirectoryFailsToBeForced(String answer) {
    BackupStore store = FilesystemBackupStore.at(root(), refusingDirectories(answer));
    assertThatThrownBy(() -> store.create("a/b", CONTENT)).isInstanceOf(StoreException.class);
  }

  private static Disk refusingDirectories(String answer) {
    return forcingBy(
        path -> {
          if (Files.isDirectory(path)) {
            throw new IOException(answer);
          }
        });
  }

  @Test
  void makesDurableWhatAnotherProcessMadeAMomentAgo() {
    emptyStore().create("a/b/c", CONTENT);
    List<String> steps = new ArrayList<>();

    assertThat(FilesystemBackupStore.at(root(), recording(steps)).create("a/b/c", CONTENT))
        .isFalse();
    assertThat(steps).containsExactly("force store", "force store/a", "force store/a/b");
  }

  private Disk recording(List<String> steps) {
    return new Disk() {
      @Override
      public void link(Path link, Path existing) throws IOException {
        steps.add("link " + parent.relativize(link));
        Disk.super.link(link, existing);
      }

      @Override
      public void force(Path path, FileChannel channel) throws IOException {
        boolean inTmp = path.startsWith(tmp());
        assertThat(inTmp && Files.size(path) != CONTENT.length).isFalse();
        steps.add("force " + (inTmp ? "a file in tmp" : parent.relativize(path)));
        Disk.super.force(path, channel);
      }
    };
  }

  @Test
  void createsWhereThereAreNoLinks() {
    assertCreatesWithout(
        (link, existing) -> {
          throw new UnsupportedOperationException();
        },
        "a");
    assertCreatesWithout(
        (link, existing) -> {
          throw new FileSystemException(link.toString(), null, "Operation not permitted");
        },
        "b");
  }

  private void assertCreatesWithout(Linking refusing, String key) {
    BackupStore store = FilesystemBackupStore.at(root(), linkingBy(refusing));

    assertThat(store.create(key, CONTENT)).isTrue();
    assertThat(store.create(key, new byte[1])).isFalse();
    assertThat(store.read(key, 10)).hasValue(CONTENT);
    assertThat(tmp()).isEmptyDirectory();
  }

  /** A volume of its own, a link to another disk, a file system that refuses such links. */
  @Test
  void createsWhereNoLinkLeadsToAnotherDirectory() throws IOException {
    BackupStore store =
        FilesystemBackupStore.at(
            root(),
            linkingBy(
                (link, existing) -> {
                  if (!Objects.equals(link.getParent(), existing.getParent())) {
                    throw new FileSystemException(
                        link.toString(), existing.toString(), "Invalid cross-device link");
                  }
                  Files.createLink(link, existing);
                }));
    Path directory = Files.createDirectories(root().resolve("shop"));
    Path old = Files.write(directory.resolve(".tmp-of-a-dead-writer"), CONTENT);
    age(old, Duration.ofHours(25));
    Path young = Files.write(directory.resolve(".tmp-of-another-writer"), CONTENT);

    assertThat(store.create("shop/a", CONTENT)).isTrue();
    assertThat(store.create("shop/a", new byte[1])).isFalse();
    assertThat(store.read("shop/a", 10)).hasValue(CONTENT);
    assertThat(store.list("", "").map(StoredObject::key)).containsExactly("shop/a");
    assertThat(old).doesNotExist();
    assertThat(young).exists();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactlyInAnyOrder(young, directory.resolve("a"));
    }
  }

  /** As seen on a real second file system. */
  @Test
  void createsWhereADirectoryIsALinkToAnotherDisk() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "no second file system here");
    Path disk = Files.createTempDirectory(memory, "disk");
    try {
      Files.createDirectories(root());
      Files.createSymbolicLink(root().resolve("shop"), disk);
      BackupStore store = emptyStore();
      assertThat(store.create("shop/a", CONTENT)).isTrue();
      assertThat(store.create("shop/b/c", CONTENT)).isTrue();
      assertThat(store.create("shop/a", new byte[1])).isFalse();
      assertThat(store.read("shop/b/c", 10)).hasValue(CONTENT);
    } finally {
      Files.deleteIfExists(disk.resolve("b/c"));
      Files.deleteIfExists(disk.resolve("b"));
      Files.deleteIfExists(disk.resolve("a"));
      Files.deleteIfExists(disk);
    }
  }

  /** A writer whose clock is far ahead took it for a dead writer's. */
  @Test
  void writesAgainWhatAnotherWriterHasRemoved() {
    AtomicInteger removed = new AtomicInteger();
    BackupStore store =
        FilesystemBackupStore.at(
            root(),
            linkingBy(
                (link, existing) -> {
                  if (removed.getAndIncrement() < 2) {
                    Files.delete(existing);
                  }
                  Files.createLink(link, existing);
                }));
    assertThat(store.create("a", CONTENT)).isTrue();
    assertThat(store.read("a", 10)).hasValue(CONTENT);
    assertThat(removed).hasValue(3);
  }

  @Test
  void losesTheRaceWhenTheObjectAppearsBeforeTheLink() {
    BackupStore other = emptyStore();
    BackupStore store =
        FilesystemBackupStore.at(
            root(),
            linkingBy(
                (link, existing) -> {
                  other.create("a", new byte[] {9});
                  throw new UnsupportedOperationException();
                }));

    assertThat(store.create("a", CONTENT)).isFalse();
    assertThat(store.read("a", 10)).hasValue(new byte[] {9});
  }

  private interface Linking {
    void link(Path link, Path existing) throws IOException;
  }

  private static Disk linkingBy(Linking linking) {
    return new Disk() {
      @Override
      public void link(Path link, Path existing) throws IOException {
        linking.link(link, existing);
      }
    };
  }

  private interface Forcing {
    void force(Path path) throws IOException;
  }

  private static Disk forcingBy(Forcing forcing) {
    return new Disk() {
      @Override
      public void force(Path path, FileChannel channel) throws IOException {
        forcing.force(path);
      }
    };
  }

  /** Fails for that file, and for all in that directory. */
  private static Forcing fails(Path place, IOException fault) {
    return path -> {
      if (path.startsWith(place)) {
        throw fault;
      }
    };
  }

  @Test
  void anInterruptedThreadGetsAStoreExceptionAndStaysInterrupted() {
    BackupStore store = emptyStore();
    store.create("a", CONTENT);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> store.create("b", CONTENT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThatThrownBy(() -> store.read("a", 10)).isInstanceOf(StoreException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(keys(store)).containsExactly("a");
    assertThat(tmp()).isEmptyDirectory();
  }

  @Test
  void recoversWhenItsDirectoriesAreMovedAway() throws IOException {
    BackupStore store = emptyStore();
    store.create("orders/segments/a", CONTENT);
    Files.move(root(), parent.resolve("moved"));

    assertThat(keys(store)).isEmpty();
    assertThat(store.create("orders/segments/a", CONTENT)).isTrue();
    assertThat(keys(store)).containsExactly("orders/segments/a");
  }

  @Test
  void aFaultInTheMiddleFailsTheListing() throws IOException {
    BackupStore store = emptyStore();
    store.create("a", CONTENT);
    store.create("z", CONTENT);
    Files.createSymbolicLink(root().resolve("m"), Path.of("m"));

    assertThatThrownBy(() -> keys(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("list");
  }

  @Test
  void listsForeignFilesWithoutOpeningOrEnteringThem() throws IOException {
    BackupStore store = emptyStore();
    store.create("orders/a", CONTENT);
    Files.write(root().resolve("orders/READ ME.txt"), CONTENT);
    Files.createDirectory(root().resolve("orders/My files"));
    Files.write(root().resolve("orders/My files/a"), CONTENT);
    Files.createSymbolicLink(root().resolve("orders/Link"), Path.of("Link"));

    assertThat(keys(store))
        .containsExactly("orders/Link", "orders/My files", "orders/READ ME.txt", "orders/a");
  }

  /** As S3 sorts them: the emoji after a letter that UTF-16 puts last. */
  @Test
  void listsForeignFilesInTheOrderOfUtf8() throws IOException {
    assumeTrue(Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode('é'));
    BackupStore store = emptyStore();
    store.create("a", CONTENT);
    Files.write(root().resolve("\uff76"), CONTENT);
    Files.write(root().resolve("\ud83d\ude00"), CONTENT);

    assertThat(keys(store)).containsExactly("a", "\uff76", "\ud83d\ude00");
    try (Stream<StoredObject> objects = store.list("", "\uff76")) {
      assertThat(objects.map(StoredObject::key)).containsExactly("\ud83d\ude00");
    }
  }

  @Test
  void keepsTheObjectsOfABackupThatIsCalledTmp() {
    BackupStore store = emptyStore();
    store.create("tmp/segments/a", CONTENT);
    store.create("_2etmp/segments/a", CONTENT);

    assertThat(keys(store)).containsExactly("_2etmp/segments/a", "tmp/segments/a");
  }

  @Test
  void saysItsPathAsItsLocation() {
    assertThat(emptyStore().location()).isEqualTo("file:" + root());
    assertThat(FilesystemBackupStore.at(Path.of("x")).location())
        .isEqualTo("file:" + Path.of("x").toAbsolutePath());
  }

  private Path tmp() {
    return root().resolve(".tmp");
  }

  private static List<String> keys(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.map(StoredObject::key).toList();
    }
  }

  /** The first backup into a new store writes several segments at once. */
  @RepeatedTest(200)
  void letsManyWritersMakeTheRootAtOnce(@TempDir Path directory) throws Exception {
    Path root = directory.resolve("fresh");
    ExecutorService executor = Executors.newFixedThreadPool(4);
    CyclicBarrier start = new CyclicBarrier(4);
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String key = "orders/" + i;
      writers.add(
          () -> {
            start.await();
            return FilesystemBackupStore.at(root).create(key, new byte[1]);
          });
    }
    try {
      for (Future<Boolean> created : executor.invokeAll(writers)) {
        assertThat(created.get()).isTrue();
      }
    } finally {
      executor.shutdown();
    }
  }
}
