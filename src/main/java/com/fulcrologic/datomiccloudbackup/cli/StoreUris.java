package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens the store that a URI names. Messages quote no URI, since it may hold credentials. */
final class StoreUris {
  private static final String HINT =
      "write it like s3://bucket/prefix, or like file:/abs/dir with %20 for a space and %25 for a"
          + " percent sign";

  private StoreUris() {}

  static BackupStore open(String text) {
    URI uri = parse(text);
    String scheme = uri.getScheme();
    if ("s3".equals(scheme)) {
      return S3Uri.parse(uri).open();
    }
    refuseIf(scheme == null, "it has no scheme");
    refuseIf(!"file".equals(scheme), "there is no store for the scheme " + scheme);
    return FilesystemBackupStore.at(directory(uri));
  }

  /** The same for the URI of another option. */
  static BackupStore open(String option, String text) {
    try {
      return open(text);
    } catch (InvalidConfigurationException refused) {
      throw Usage.refusal(
          String.valueOf(refused.getMessage()).replace("--store", option), refused.hint());
    }
  }

  /** The URI of a directory, as {@link #open} reads it. */
  static String of(Path directory) {
    String path = directory.toAbsolutePath().toUri().getRawPath();
    return "file:" + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  private static Path directory(URI uri) {
    String path = uri.getPath();
    if (path == null) {
      throw refused("its path is not absolute");
    }
    refuseIf(uri.getRawAuthority() != null, "it names a host");
    refuseIf(
        uri.getRawQuery() != null || uri.getRawFragment() != null,
        "a directory takes no ?parameters and no #fragment");
    try {
      return Path.of(path);
    } catch (InvalidPathException unusable) {
      throw refused("its path cannot be a directory's");
    }
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException malformed) {
      throw refused("it is not a URI");
    }
  }

  static void refuseIf(boolean isUnusable, String why) {
    if (isUnusable) {
      throw refused(why);
    }
  }

  static InvalidConfigurationException refused(String why) {
    return Usage.refusal("--store is not usable: " + why, HINT);
  }
}
