package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk gives is told, and nothing is left behind. */
final class FilesystemTrialTest {
  @TempDir private Path root;

  @AfterEach
  void nothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(root)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void tellsWhatALocalDiskGives() {
    assertThat(tryOut(new Disk() {}))
        .contains("it is empty")
        .contains("links can be made: objects appear whole")
        .contains("directories can be forced")
        .contains("its clock agrees");
  }

  @Test
  void tellsThatNoDirectoryIsForced() {
    assertThat(tryOut(forcing("Invalid argument"))).contains("directories cannot be forced");
    assertThatThrownBy(() -> tryOut(forcing("Input/output error")))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void tellsThatLinksDoNotCrossDirectories() {
    Disk disk =
        new Disk() {
          @Override
          public void link(Path link, Path existing) throws IOException {
            if (!Objects.equals(link.getParent(), existing.getParent())) {
              throw new FileSystemException(link.toString(), null, "Invalid cross-device link");
            }
            Disk.super.link(link, existing);
          }
        };
    assertThat(tryOut(disk)).contains("but not across directories");
  }

  @Test
  void tellsThatThereAreNoLinks() {
    Disk disk =
        new Disk() {
          @Override
          public void link(Path link, Path existing) {
            throw new UnsupportedOperationException();
          }
        };
    assertThat(tryOut(disk)).contains("links cannot be made");
  }

  @Test
  void refusesWhatPutsAFileOverAnother() {
    Disk disk =
        new Disk() {
          @Override
          public void link(Path link, Path existing) throws IOException {
            Files.copy(existing, link, StandardCopyOption.REPLACE_EXISTING);
          }
        };
    assertThatThrownBy(() -> tryOut(disk)).isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void tellsThatTheClocksDiffer() {
    Disk disk =
        new Disk() {
          @Override
          public void force(Path path, FileChannel channel) throws IOException {
            Disk.super.force(path, channel);
            Instant ahead = Instant.now().plus(Duration.ofHours(2)).plusSeconds(30);
            Files.setLastModifiedTime(path, FileTime.from(ahead));
          }
        };
    assertThat(tryOut(disk)).contains("its clock is 120 minutes ahead");
  }

  @Test
  void triesTheDirectoryAboveWhereThereIsNoneYet() {
    assertThat(String.join("; ", FilesystemBackupStore.at(root.resolve("new")).tryOut()))
        .contains("the first backup makes it")
        .contains("links can be made");
    BackupStore nowhere = FilesystemBackupStore.at(root.resolve("new/deeper"));
    assertThatThrownBy(nowhere::tryOut).isInstanceOf(BackupException.class);
  }

  private String tryOut(Disk disk) {
    return String.join("; ", FilesystemBackupStore.at(root, disk).tryOut());
  }

  private static Disk forcing(String answer) {
    return new Disk() {
      @Override
      public void force(Path path, FileChannel channel) throws IOException {
        if (Files.isDirectory(path)) {
          throw new IOException(answer);
        }
        Disk.super.force(path, channel);
      }
    };
  }
}
