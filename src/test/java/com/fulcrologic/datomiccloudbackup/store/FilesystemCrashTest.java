package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.store.RecordedDisk.Forced;
import com.fulcrologic.datomiccloudbackup.store.RecordedDisk.Made;
import com.fulcrologic.datomiccloudbackup.store.RecordedDisk.Named;
import com.fulcrologic.datomiccloudbackup.store.RecordedDisk.Removed;
import com.fulcrologic.datomiccloudbackup.store.RecordedDisk.Returned;
import com.fulcrologic.datomiccloudbackup.store.RecordedDisk.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power failures, by a model of what POSIX promises: a file's bytes are there when the file was
 * forced, a name (made or removed) when its directory was; whatever was not forced is there or not,
 * each by itself, and unforced bytes are there in part. After each step, each such outcome is laid
 * out in a real directory and read by a real store.
 */
class FilesystemCrashTest {
  private static final byte[] ONE = "the first object".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TWO = "the second one".getBytes(StandardCharsets.UTF_8);
  private static final Path STORE = Path.of("store");

  @TempDir private Path directory;
  private int outcomeCount;

  @Test
  void afterAPowerFailureAtAnyMomentEachObjectIsWholeOrAbsent() throws IOException {
    assertThat(faults(record(forced -> true))).isEmpty();
    assertThat(outcomeCount).isGreaterThan(20);
  }

  /** The model has teeth: with any kind of force left out, it finds objects lost or in pieces. */
  @Test
  void theModelFindsAPublisherThatForcesTooLittle() throws IOException {
    assertThat(faults(record(path -> !path.toString().contains(".tmp"))))
        .as("the content is not forced")
        .anyMatch(fault -> fault.startsWith("in pieces"));
    assertThat(faults(record(path -> !path.endsWith("a"))))
        .as("the directory of the object is not forced")
        .anyMatch(fault -> fault.startsWith("lost"));
    assertThat(faults(record(path -> !path.endsWith("store"))))
        .as("the directory above it is not forced")
        .anyMatch(fault -> fault.startsWith("lost"));
    assertThat(faults(record(path -> !path.equals(directory.resolve("real")))))
        .as("the directory above the store is not forced")
        .anyMatch(fault -> fault.startsWith("lost"));
  }

  /** Two objects in one directory, one of them twice. */
  private List<Step> record(Predicate<Path> forcing) throws IOException {
    Path above = directory.resolve("real");
    delete(above);
    Files.createDirectory(above);
    RecordedDisk disk = new RecordedDisk(above);
    Disk lazy =
        new Disk() {
          @Override
          public void link(Path link, Path existing) throws IOException {
            disk.link(link, existing);
          }

          @Override
          public void force(Path path, FileChannel channel) throws IOException {
            if (forcing.test(path)) {
              disk.force(path, channel);
            }
          }
        };
    BackupStore store = FilesystemBackupStore.at(above.resolve(STORE), lazy);
    store.create("a/1", ONE);
    disk.returned("a/1", ONE);
    store.create("a/1", ONE);
    disk.returned("a/1", ONE);
    store.create("a/2", TWO);
    disk.returned("a/2", TWO);
    return disk.steps();
  }

  private List<String> faults(List<Step> steps) throws IOException {
    List<String> faults = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int count = 0; count <= steps.size(); count++) {
      for (Map<Path, Optional<byte[]>> outcome : outcomes(steps.subList(0, count))) {
        if (seen.add(describe(outcome) + returned(steps.subList(0, count)).keySet())) {
          outcomeCount++;
          check(outcome, returned(steps.subList(0, count)), faults);
        }
      }
    }
    return faults;
  }

  private static Map<String, byte[]> returned(List<Step> steps) {
    Map<String, byte[]> returned = new TreeMap<>();
    for (Step step : steps) {
      if (step instanceof Returned done) {
        returned.put(done.key(), done.content());
      }
    }
    return returned;
  }

  private void check(
      Map<Path, Optional<byte[]>> outcome, Map<String, byte[]> returned, List<String> faults)
      throws IOException {
    Path above = directory.resolve("outcome");
    delete(above);
    Files.createDirectory(above);
    for (Map.Entry<Path, Optional<byte[]>> entry : outcome.entrySet()) {
      if (entry.getValue().isPresent()) {
        Files.write(above.resolve(entry.getKey()), entry.getValue().get());
      } else {
        Files.createDirectory(above.resolve(entry.getKey()));
      }
    }
    BackupStore store = FilesystemBackupStore.at(above.resolve(STORE));
    Map<String, byte[]> contents = Map.of("a/1", ONE, "a/2", TWO);
    contents.forEach(
        (key, content) -> {
          Optional<byte[]> read = store.read(key, 100);
          if (read.isPresent() && !Arrays.equals(read.get(), content)) {
            faults.add("in pieces: " + key + " in " + outcome.keySet());
          }
          if (read.isEmpty() && returned.containsKey(key)) {
            faults.add("lost: " + key + " in " + outcome.keySet());
          }
        });
    if (faults.isEmpty()) {
      contents.forEach(store::create); // the writer comes back
      contents.forEach((key, content) -> assertThat(store.read(key, 100)).hasValue(content));
      try (Stream<StoredObject> objects = store.list("", "")) {
        assertThat(objects.map(StoredObject::key)).containsExactly("a/1", "a/2");
      }
    }
  }

  /**
   * What can be on the disk after these steps: for each name, made or removed, that was not forced,
   * both; for content that was not forced, all, half, or nothing of it. Directories are empty.
   */
  private static List<Map<Path, Optional<byte[]>>> outcomes(List<Step> steps) {
    List<Map<Path, Optional<byte[]>>> outcomes = new ArrayList<>();
    outcomes.add(new TreeMap<>());
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      List<Step> later = steps.subList(i + 1, steps.size());
      if (step instanceof Made made) {
        boolean sure = isForced(parent(made.directory()), later);
        outcomes = branch(outcomes, made.directory(), List.of(Optional.empty()), sure);
      } else if (step instanceof Named named) {
        boolean sure = isForced(parent(named.name()), later);
        outcomes = branch(outcomes, named.name(), contents(named, steps), sure);
      } else if (step instanceof Removed removed) {
        outcomes = remove(outcomes, removed.name(), isForced(parent(removed.name()), later));
      }
    }
    return outcomes;
  }

  private static List<Optional<byte[]>> contents(Named named, List<Step> steps) {
    // A link shares the content of the file that it was made from: forced under any of its names.
    boolean forced =
        steps.stream()
            .filter(Named.class::isInstance)
            .map(Named.class::cast)
            .filter(other -> Arrays.equals(other.content(), named.content()))
            .anyMatch(other -> isForced(other.name(), steps));
    return forced
        ? List.of(Optional.of(named.content()))
        : List.of(
            Optional.of(named.content()),
            Optional.of(Arrays.copyOf(named.content(), named.content().length / 2)),
            Optional.of(new byte[0]));
  }

  private static boolean isForced(Path path, List<Step> steps) {
    return steps.contains(new Forced(path));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static List<Map<Path, Optional<byte[]>>> branch(
      List<Map<Path, Optional<byte[]>>> outcomes,
      Path name,
      List<Optional<byte[]>> contents,
      boolean sure) {
    List<Map<Path, Optional<byte[]>>> branched = new ArrayList<>();
    for (Map<Path, Optional<byte[]>> outcome : outcomes) {
      boolean reachable = parent(name).toString().isEmpty() || outcome.containsKey(parent(name));
      if (!sure || !reachable) {
        branched.add(outcome);
      }
      for (Optional<byte[]> content : reachable ? contents : List.<Optional<byte[]>>of()) {
        Map<Path, Optional<byte[]>> with = new TreeMap<>(outcome);
        with.put(name, content);
        branched.add(with);
      }
    }
    return distinct(branched);
  }

  private static List<Map<Path, Optional<byte[]>>> remove(
      List<Map<Path, Optional<byte[]>>> outcomes, Path name, boolean sure) {
    List<Map<Path, Optional<byte[]>>> branched = new ArrayList<>();
    for (Map<Path, Optional<byte[]>> outcome : outcomes) {
      Map<Path, Optional<byte[]>> without = new TreeMap<>(outcome);
      without.remove(name);
      branched.add(without);
      if (!sure) {
        branched.add(outcome);
      }
    }
    return distinct(branched);
  }

  private static List<Map<Path, Optional<byte[]>>> distinct(
      List<Map<Path, Optional<byte[]>>> outcomes) {
    Map<String, Map<Path, Optional<byte[]>>> byText = new HashMap<>();
    outcomes.forEach(outcome -> byText.put(describe(outcome), outcome));
    return List.copyOf(byText.values());
  }

  private static String describe(Map<Path, Optional<byte[]>> outcome) {
    StringBuilder text = new StringBuilder();
    outcome.forEach(
        (name, content) ->
            text.append(name).append(content.map(Arrays::toString).orElse("/")).append('\n'));
    return text.toString();
  }

  private static void delete(Path root) throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> paths = Files.walk(root)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
