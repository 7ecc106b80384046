package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The server for a client that this library makes; a caller with a client of its own needs none.
 *
 * @param uri as {@code http://127.0.0.1:9000}; empty for Amazon's own
 * @param region as {@code eu-central-1}; empty for the region that the SDK's default chain finds
 * @param isPathStyle whether the bucket is named in the path instead of in the host's name, as most
 *     servers except Amazon's require
 */
public record S3Endpoint(String uri, String region, boolean isPathStyle) {
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{0,64}");

  private static final int PORT_MAX = 65_535;

  /** Amazon's endpoint, in the region that the SDK's default chain finds. */
  public static final S3Endpoint DEFAULT = new S3Endpoint("", "", false);

  /**
   * @throws InvalidConfigurationException when the URI does not name a server, has an invalid port,
   *     or holds credentials or more; the message does not quote the URI
   */
  public S3Endpoint {
    if (!uri.isEmpty() && !isServer(uri)) {
      throw new InvalidConfigurationException(
          "The S3 endpoint is not usable.",
          "Write it like https://host:port, with nothing else in it.");
    }
    if (!REGION.matcher(region).matches()) {
      throw new InvalidConfigurationException(
          "The S3 region is not usable.", "Write it like eu-central-1.");
    }
  }

  private static boolean isServer(String text) {
    try {
      URI uri = URI.create(text);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() != 0
          && uri.getPort() <= PORT_MAX
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && Optional.ofNullable(uri.getRawPath()).orElse("").length() <= 1;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
