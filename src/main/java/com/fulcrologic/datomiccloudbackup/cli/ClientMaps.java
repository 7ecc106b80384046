package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a client map, given as EDN or as {@code @file}. Messages never quote it. */
final class ClientMaps {
  private static final long SIZE_MAX = 1 << 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF"; // as editors of Windows write it

  private ClientMaps() {}

  /**
   * The client.
   *
   * @param option the option that held the client map
   * @throws InvalidConfigurationException when there is no file, or no client map in it
   */
  static DatomicClient client(String option, String text) {
    return DatomicClient.ofEdn(text.startsWith("@") ? read(option, text.substring(1)) : text);
  }

  private static String read(String option, String file) {
    String what = "Failed to read the file of " + option + ", " + file + ": ";
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path) || Files.size(path) > SIZE_MAX) {
        throw new InvalidConfigurationException(
            what + "it is not a file of at most " + SIZE_MAX + " bytes", "name an EDN file");
      }
      String text = Files.readString(path);
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (InvalidPathException | NoSuchFileException missing) {
      throw new InvalidConfigurationException(
          what + "there is no such file", "check the path after the @");
    } catch (CharacterCodingException binary) {
      throw new InvalidConfigurationException(
          what + "it is not UTF-8 text", "name a file that holds a client map in EDN");
    } catch (IOException unreadable) {
      throw new InvalidConfigurationException(
          what + "it cannot be read", "let this process's user read it", unreadable);
    }
  }
}
