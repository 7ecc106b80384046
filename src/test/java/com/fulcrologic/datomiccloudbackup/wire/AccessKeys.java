package com.fulcrologic.datomiccloudbackup.wire;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import clojure.lang.PersistentHashMap;
import clojure.lang.RT;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.UUID;

/** The keys by which requests are signed, in the files that the client reads from a bucket. */
final class AccessKeys {
  static final String REGION = "us-wire-1";

  private static final IFn VERIFY_FAILURE;

  static {
    Clojure.var("clojure.core", "require").invoke(Clojure.read("cognitect.hmac-authn"));
    VERIFY_FAILURE = Clojure.var("cognitect.hmac-authn", "verify-failure");
  }

  private final String bucket;
  private volatile String keyName = "";
  private volatile String secret = "";

  AccessKeys(String bucket) {
    this.bucket = bucket;
    rotate();
  }

  /** From now on, requests that are signed with the keys so far are refused. */
  void rotate() {
    keyName = UUID.randomUUID().toString();
    secret = UUID.randomUUID().toString() + UUID.randomUUID();
  }

  /** What a key file holds. */
  byte[] file() {
    return WireCodec.writeJson(
        RT.map(
            Keyword.intern("current"),
            RT.map(
                Keyword.intern("key-name"),
                keyName,
                Keyword.intern("secret"),
                secret,
                Keyword.intern("created"),
                new Date())));
  }

  /** Whether the request is signed with the present key, of whatever scope. */
  boolean isSigned(WireRequest request) {
    String authorization = request.headers().getOrDefault("authorization", "");
    int start = authorization.indexOf("Credential=") + "Credential=".length();
    int end = authorization.indexOf("\\" + keyName);
    if (start < "Credential=".length() || end < start) {
      return false;
    }
    String keyId = authorization.substring(start, end).replace('\\', '/') + "/" + keyName;
    Object ring =
        RT.map(
            Keyword.intern("request-method"),
            Keyword.intern("post"),
            Keyword.intern("uri"),
            request.path(),
            Keyword.intern("headers"),
            PersistentHashMap.create(request.headers()),
            Keyword.intern("body"),
            ByteBuffer.wrap(request.body()));
    Object parameters =
        RT.map(
            Keyword.intern("access-key-id"),
            keyId,
            Keyword.intern("secret"),
            secret,
            Keyword.intern("service"),
            "datomic",
            Keyword.intern("region"),
            REGION);
    return keyId.startsWith("s3://" + bucket + "/")
        && VERIFY_FAILURE.invoke(ring, parameters) == null;
  }
}
