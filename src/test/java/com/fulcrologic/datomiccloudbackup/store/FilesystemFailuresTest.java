package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All that a file system answers, by its errno's text and by its exception: what to do. */
final class FilesystemFailuresTest {
  private final FilesystemFailures failures = new FilesystemFailures(Path.of("/backups"));

  @ParameterizedTest
  @CsvSource({
    "No space left on device, true, Make room",
    "Disk quota exceeded, true, quota",
    "Read-only file system, true, Mount it",
    "File too large, true, ulimit -f",
    "Too many open files, false, ulimit -n",
    "Too many open files in system, false, ulimit -n",
    "File name too long, true, shorter path",
    "Too many levels of symbolic links, true, elements of the path",
    "Not a directory, true, elements of the path",
    "Is a directory, true, elements of the path",
    "Key has expired, true, Renew",
    "Required key not available, true, Renew",
    "Operation not supported, true, another file system",
    "Stale file handle, false, share is mounted",
    "Transport endpoint is not connected, false, share is mounted",
    "Host is down, false, share is mounted",
    "No route to host, false, share is mounted",
    "Connection timed out, false, share is mounted",
    "Remote I/O error, false, share is mounted",
    "Input/output error, false, Check the disk",
    "Structure needs cleaning, false, Check the disk",
    "Cannot allocate memory, false, Check the disk",
    "Device or resource busy, false, Check the disk",
    "Resource temporarily unavailable, false, Check the disk",
  })
  void eachErrnoTellsWhatToDo(String text, boolean isLasting, String hint) {
    for (IOException each :
        new IOException[] {
          new IOException(text), new FileSystemException("/backups/a", null, text)
        }) {
      BackupException failure = failures.classify("create a", each);
      assertThat(failure)
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Failed to create a in file:/backups: ")
          .hasMessageContaining(text);
      assertThat(((StoreException) failure).isTransient()).isEqualTo(!isLasting);
      assertThat(failure.hint()).contains(hint);
    }
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void eachExceptionTellsWhatToDo(IOException thrown, String hint) {
    BackupException failure = failures.classify("read a", thrown);
    assertThat(failure.hint()).contains(hint);
    assertThat(failure instanceof StoreAccessDeniedException).isEqualTo(hint.contains("user"));
  }

  static Stream<Arguments> exceptions() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("/backups/a"), "Let this process's user"),
        Arguments.of(
            new FileSystemException("/backups/a", null, "Operation not permitted"),
            "Let this process's user"),
        Arguments.of(new ClosedByInterruptException(), "Run it again"),
        Arguments.of(new AsynchronousCloseException(), "run it again"),
        Arguments.of(new ClosedChannelException(), "run it again"),
        Arguments.of(new EOFException("cut"), "Check the disk"),
        Arguments.of(new MalformedInputException(1), "Check the disk"),
        Arguments.of(new NoSuchFileException("/backups/a"), "mounted"),
        Arguments.of(new NotDirectoryException("/backups/a"), "elements of the path"),
        Arguments.of(new DirectoryNotEmptyException("/backups/a"), "elements of the path"),
        Arguments.of(new FileSystemLoopException("/backups/a"), "elements of the path"),
        Arguments.of(new FileAlreadyExistsException("/backups/a"), "Check the disk"),
        Arguments.of(new NotLinkException("/backups/a"), "Check the disk"),
        Arguments.of(
            new AtomicMoveNotSupportedException("/backups/a", "/backups/b", "x"),
            "Check the disk"));
  }
}
