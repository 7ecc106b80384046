package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for what a copy of a backup leaves out. No message has a value. */
final class ErasingOptions {
  private static final int FILE_SIZE_MAX = 4 << 20;

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
      Usage.refuseIf(
          end < 1 || !value.startsWith(":"),
          "--erase is not an attribute and a value",
          "write it like :person/email=x@example.com");
      options = options.erasing(value.substring(0, end), value.substring(end + 1));
    }
    return file == null ? options : options.erasing(ids(file));
  }

  private static List<Long> ids(String file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      bytes = in.readNBytes(FILE_SIZE_MAX + 1);
    } catch (IOException | InvalidPathException unreadable) {
      throw Usage.refusal(
          "--erase-file names no file that can be read",
          "name a text file that this user can read");
    }
    Usage.refuseIf(
        bytes.length > FILE_SIZE_MAX,
        "--erase-file has more than " + FILE_SIZE_MAX + " bytes",
        "erase fewer entities at once");
    List<Long> ids = new ArrayList<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      try {
        if (!line.isBlank()) {
          ids.add(Long.valueOf(line.strip()));
        }
      } catch (NumberFormatException noId) { // has the line in its message
        throw Usage.refusal(
            "--erase-file has a line that is not an entity id, after " + ids.size() + " ids",
            "write one id in decimal digits on each line, and nothing else");
      }
    }
    return ids;
  }
}
