package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands in for AWS KMS in this process: Encrypt and Decrypt of the TrentService over HTTP, with
 * local AES keys, bound to the key and the encryption context as AWS binds them. Not AWS: it reads
 * of a signature only for which service and region it is.
 */
public final class KmsServer implements AutoCloseable {
  static final String ARN =
      "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  static final String OTHER_ARN =
      "arn:aws:kms:eu-central-1:111122223333:key/ffffabcd-12ab-34cd-56ef-1234567890ab";
  private static final int NONCE_SIZE = 12;

  private final Map<String, SecretKey> keys = new ConcurrentHashMap<>();
  private final List<String> operations = new CopyOnWriteArrayList<>();
  private final List<byte[]> plaintexts = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile String refusal = "";
  private volatile int refusalStatus;

  private KmsServer() throws IOException, GeneralSecurityException {
    for (String arn : List.of(ARN, OTHER_ARN)) {
      keys.put(arn, KeyGenerator.getInstance("AES").generateKey());
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  static KmsServer start() {
    try {
      return new KmsServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers every request with this error from now on; an empty code ends it. */
  void refuse(int status, String code) {
    refusalStatus = status;
    refusal = code;
  }

  /** What was asked of it, in order. */
  List<String> operations() {
    return operations;
  }

  /** All that it has seen in the clear. */
  List<byte[]> plaintexts() {
    return plaintexts;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      String signature = exchange.getRequestHeaders().getFirst("Authorization");
      JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
      operations.add(target);
      if (!refusal.isEmpty()) {
        reply(exchange, refusalStatus, error(refusal));
      } else if (signature == null || !signature.contains("/eu-central-1/kms/aws4_request")) {
        reply(exchange, 400, error("IncompleteSignatureException"));
      } else {
        reply(exchange, target, request);
      }
    }
  }

  private void reply(HttpExchange exchange, String target, JsonNode request) throws IOException {
    SecretKey key = keys.get(request.get("KeyId").asString());
    if (key == null) {
      reply(exchange, 400, error("NotFoundException"));
      return;
    }
    try {
      byte[] context = request.get("EncryptionContext").toString().getBytes(StandardCharsets.UTF_8);
      boolean isEncrypt = target.equals("TrentService.Encrypt");
      byte[] given =
          Base64.getDecoder()
              .decode(request.get(isEncrypt ? "Plaintext" : "CiphertextBlob").asString());
      byte[] made = isEncrypt ? encrypt(key, given, context) : decrypt(key, given, context);
      plaintexts.add(isEncrypt ? given : made);
      reply(
          exchange,
          200,
          Map.of(
              "KeyId",
              request.get("KeyId").asString(),
              isEncrypt ? "CiphertextBlob" : "Plaintext",
              Base64.getEncoder().encodeToString(made)));
    } catch (AEADBadTagException changed) {
      reply(exchange, 400, error("InvalidCiphertextException"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encrypt(SecretKey key, byte[] plaintext, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, key);
    cipher.updateAAD(context);
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    blob.writeBytes(cipher.getIV());
    blob.writeBytes(cipher.doFinal(plaintext));
    return blob.toByteArray();
  }

  private static byte[] decrypt(SecretKey key, byte[] blob, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, blob, 0, NONCE_SIZE));
    cipher.updateAAD(context);
    return cipher.doFinal(Arrays.copyOfRange(blob, NONCE_SIZE, blob.length));
  }

  private static Map<String, String> error(String code) {
    return Map.of("__type", code, "message", "as it was told");
  }

  private static void reply(HttpExchange exchange, int status, Map<String, String> json)
      throws IOException {
    byte[] body = JsonMapper.shared().writeValueAsBytes(json);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
