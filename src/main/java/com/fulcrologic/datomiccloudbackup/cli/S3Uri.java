package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.s3.AwsSdkV2;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Endpoint;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Location;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Options;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The content of {@code s3://bucket/prefix?parameter=value&…}. The parameters are {@code endpoint},
 * {@code region}, {@code pathStyle} (true or false), {@code sse} ({@code AES256} or {@code
 * aws:kms}), {@code kmsKey} and {@code storageClass}. The URI must not hold credentials.
 */
record S3Uri(S3Location location, S3Endpoint endpoint, S3Options options) {
  private static final Set<String> PARAMETERS =
      Set.of("endpoint", "region", "pathStyle", "sse", "kmsKey", "storageClass");

  static S3Uri parse(URI uri) {
    String bucket = uri.getRawAuthority();
    String path = uri.getRawPath();
    if (bucket == null || path == null) {
      throw StoreUris.refused("it names no bucket");
    }
    StoreUris.refuseIf(
        bucket.contains("@") || bucket.contains(":"),
        "it may name a bucket, but no user, no password and no port");
    StoreUris.refuseIf(uri.getRawFragment() != null, "a bucket takes no #fragment");
    String prefix = path.replaceAll("^/|/$", "");
    Map<String, String> parameters = parameters(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    return new S3Uri(new S3Location(bucket, prefix), endpoint(parameters), options(parameters));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] parts = each.split("=", 2);
      StoreUris.refuseIf(
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
    StoreUris.refuseIf(
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
        StoreUris.refuseIf(!key.isEmpty(), "it names a kmsKey, and another encryption");
        yield options.withSseS3();
      }
      default -> throw StoreUris.refused("its sse is neither AES256 nor aws:kms");
    };
  }

  BackupStore open() {
    return AwsSdkV2.connect(location, endpoint, options);
  }
}
