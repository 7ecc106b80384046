package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which server to ask, for a client that is made here; one who has a client needs none of this.
 *
 * @param uri as {@code http://127.0.0.1:9000}; empty for Amazon's own
 * @param region as {@code eu-central-1}; empty for what the SDK's default chain finds
 * @param isPathStyle whether the bucket is named in the path instead of in the host's name, as most
 *     servers but Amazon's want it
 */
public record S3Endpoint(String uri, String region, boolean isPathStyle) {
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{0,64}");

  private static final int PORT_MAX = 65_535;

  /** Amazon's, in the region that the SDK's default chain finds. */
  public static final S3Endpoint DEFAULT = new S3Endpoint("", "", false);

  /**
   * @throws InvalidConfigurationException when the URI is no server's, its port is none, or holds
   *     credentials or more; it is not quoted
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
