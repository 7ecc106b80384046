package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for what a copy of a backup leaves out. No message has a value. */
final class ErasingOptions {
  private static final int ID_COUNT_MAX = 100_000;
  private static final int ID_LENGTH_MAX = 20;

  @Option(
      names = "--exclude",
      paramLabel = ":ATTR",
      description = "Leaves out the datoms of this attribute; may be repeated.")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--erase",
      paramLabel = ":ATTR=VALUE",
      description =
          "Leaves out all datoms of each entity that ever had this value, and of its components; may"
              + " be repeated. The process list of the machine shows the value.")
  private List<String> values = new ArrayList<>();

  @Option(
      names = "--erase-entity",
      paramLabel = "ID",
      description =
          "Leaves out all datoms of the entity with this id in the source, and of its components;"
              + " may be repeated.")
  private List<Long> entities = new ArrayList<>();

  @Option(
      names = "--erase-file",
      paramLabel = "FILE",
      description = "The same for the ids in a file, one on each line; 100 000 at most.")
  private @Nullable String file;

  CopyOptions options() {
    CopyOptions options = CopyOptions.DEFAULTS.erasing(entities);
    for (String ident : excluded) {
      options = options.excluding(ident);
    }
    for (String value : values) {
      int end = value.indexOf('=');
      if (end < 1 || !value.startsWith(":")) {
        throw new InvalidConfigurationException(
            "--erase is not an attribute and a value", "write it like :person/email=x@example.com");
      }
      options = options.erasing(value.substring(0, end), value.substring(end + 1));
    }
    return file == null ? options : options.erasing(ids(file));
  }

  private static List<Long> ids(String file) {
    List<Long> ids = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(Path.of(file))) {
      char[] line = new char[ID_LENGTH_MAX];
      for (int length = 0, c = lines.read(); ; c = lines.read()) {
        if (c >= '0' && c <= '9' && length < ID_LENGTH_MAX) {
          line[length++] = (char) c;
        } else if (c == '\n' || c < 0) {
          if (length > 0) {
            ids.add(Long.valueOf(new String(line, 0, length)));
          }
          if (c < 0) {
            return ids;
          }
          length = 0;
        } else if (c != '\r') {
          throw new NumberFormatException();
        }
        if (ids.size() > ID_COUNT_MAX) {
          throw new InvalidConfigurationException(
              "--erase-file has more than " + ID_COUNT_MAX + " ids", "erase fewer at once");
        }
      }
    } catch (IOException | InvalidPathException unreadable) {
      throw new InvalidConfigurationException(
          "--erase-file names no file that can be read",
          "name a text file that this user can read");
    } catch (NumberFormatException noId) {
      throw new InvalidConfigurationException(
          "--erase-file has a line that is not an entity id, after " + ids.size() + " ids",
          "write one id in decimal digits on each line, and nothing else");
    }
  }
}
