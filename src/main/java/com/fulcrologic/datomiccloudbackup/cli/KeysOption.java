package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

final class KeysOption {
  static final String KEYS = "--keys";

  @Option(
      names = KEYS,
      paramLabel = "FILE",
      description =
          "The keyset file of a sealed store, as the command keys writes it; without it, or DCB_KEYS"
              + " in the environment, nothing is sealed, and nothing sealed is read.")
  private @Nullable String file;

  boolean areGiven() {
    return file != null;
  }

  BackupStore over(BackupStore store) {
    return file == null ? store : SealedBackupStore.over(store, SealingKeys.read(path(file)));
  }

  /**
   * The path in a text. An empty text, as from a variable without a value, must not mean that
   * nothing is sealed.
   */
  static Path path(String file) {
    Usage.refuseIf(
        file.isBlank(),
        "The path of the keyset file is empty.",
        "Give the path of a file in --keys or DCB_KEYS, or unset both.");
    try {
      return Path.of(file);
    } catch (InvalidPathException unusable) {
      throw Usage.refusal("The path of the keyset file is not a path.", "Give the path of a file.");
    }
  }
}
