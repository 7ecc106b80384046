package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.s3.AwsSdkV2;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Endpoint;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Location;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Options;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

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
      return S3.parse(uri).open();
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

  private static void refuseIf(boolean isUnusable, String why) {
    if (isUnusable) {
      throw refused(why);
    }
  }

  private static InvalidConfigurationException refused(String why) {
    return Usage.refusal("--store is not usable: " + why, HINT);
  }

  /**
   * The content of {@code s3://bucket/prefix?parameter=value&…}. The parameters are {@code
   * endpoint}, {@code region}, {@code pathStyle} (true or false), {@code sse} ({@code AES256} or
   * {@code aws:kms}), {@code kmsKey} and {@code storageClass}. The URI must not hold credentials.
   */
  record S3(S3Location location, S3Endpoint endpoint, S3Options options) {
    private static final Set<String> PARAMETERS =
        Set.of("endpoint", "region", "pathStyle", "sse", "kmsKey", "storageClass");

    static S3 parse(URI uri) {
      String bucket = uri.getRawAuthority();
      String path = uri.getRawPath();
      if (bucket == null || path == null) {
        throw refused("it names no bucket");
      }
      refuseIf(
          bucket.contains("@") || bucket.contains(":"),
          "it may name a bucket, but no user, no password and no port");
      refuseIf(uri.getRawFragment() != null, "a bucket takes no #fragment");
      String prefix = path.replaceAll("^/|/$", "");
      Map<String, String> parameters =
          parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
      return new S3(new S3Location(bucket, prefix), endpoint(parameters), options(parameters));
    }

    private static Map<String, String> parameters(String query) {
      Map<String, String> parameters = new HashMap<>();
      for (String each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
        String[] parts = each.split("=", 2);
        refuseIf(
            parts.length < 2
                || !PARAMETERS.contains(parts[0])
                || parameters.put(parts[0], decoded(parts[1])) != null,
            "a bucket takes, once each, the parameters endpoint, region, pathStyle, sse, kmsKey"
                + " and storageClass, and credentials come from the environment only");
      }
      return parameters;
    }

    private static String decoded(String value) {
      // A plus is a plus here, since the query is not a form.
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static S3Endpoint endpoint(Map<String, String> parameters) {
      String pathStyle = parameters.getOrDefault("pathStyle", "false");
      refuseIf(
          !pathStyle.equals("true") && !pathStyle.equals("false"),
          "its pathStyle is neither true nor false");
      return new S3Endpoint(
          parameters.getOrDefault("endpoint", ""),
          parameters.getOrDefault("region", ""),
          pathStyle.equals("true"));
    }

    private static S3Options options(Map<String, String> parameters) {
      S3Options options =
          S3Options.DEFAULTS.withStorageClass(parameters.getOrDefault("storageClass", ""));
      String key = parameters.getOrDefault("kmsKey", "");
      return switch (parameters.getOrDefault("sse", key.isEmpty() ? "" : "aws:kms")) {
        case "" -> options;
        case "aws:kms" -> options.withSseKms(key);
        case "AES256" -> {
          refuseIf(!key.isEmpty(), "it names a kmsKey, and another encryption");
          yield options.withSseS3();
        }
        default -> throw refused("its sse is neither AES256 nor aws:kms");
      };
    }

    BackupStore open() {
      return AwsSdkV2.connect(location, endpoint, options);
    }
  }
}
