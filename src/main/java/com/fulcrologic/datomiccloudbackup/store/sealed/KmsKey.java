package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.ClientConfiguration;
import com.amazonaws.SdkClientException;
import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.auth.BasicSessionCredentials;
import com.amazonaws.auth.DefaultAWSCredentialsProviderChain;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.kms.AWSKMS;
import com.amazonaws.services.kms.AWSKMSClientBuilder;
import com.amazonaws.services.kms.model.DecryptRequest;
import com.amazonaws.services.kms.model.EncryptRequest;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.google.crypto.tink.Aead;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A key of AWS KMS that encrypts keysets, through version 1 of the SDK. Each call is one request,
 * with a client of its own, and takes at most {@link #TIME_MAX_MILLIS} milliseconds. Immutable,
 * thread-safe.
 */
record KmsKey(String arn, String region) implements Aead {
  private static final int TIME_MAX_MILLIS = 20_000;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int SOCKET_TIMEOUT_MILLIS = 5_000;
  private static final int RETRY_COUNT_MAX = 2;

  /** The most that KMS encrypts itself, in bytes; about thirty keys. */
  private static final int SIZE_MAX = 4_096;

  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]{0,20}:kms:([a-z0-9-]{1,40}):[0-9]{12}:(key|alias)/[\\w/-]{1,256}");
  private static final Map<String, String> CONTEXT = Map.of("datomic-cloud-backup", "keyset");
  private static final String ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_KMS";
  private static final String ENDPOINT_PROPERTY = "aws.endpointUrlKms";
  private static final String CREDENTIALS_V2 =
      "software/amazon/awssdk/auth/credentials/DefaultCredentialsProvider.class";
  private static final Set<String> DENIED =
      Set.of(
          "AccessDeniedException",
          "ExpiredTokenException",
          "InvalidClientTokenId",
          "MissingAuthenticationTokenException",
          "UnrecognizedClientException");

  /**
   * The key of that ARN, or of that alias's ARN; no request is sent.
   *
   * @throws InvalidConfigurationException when it is no such ARN
   */
  static KmsKey of(String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new InvalidConfigurationException(
          "Failed to use a KMS key: its name is not the ARN of a key or an alias.",
          "Write it like arn:aws:kms:eu-central-1:111122223333:key/….");
    }
    return new KmsKey(arn, matcher.group(1));
  }

  /**
   * The encrypted bytes.
   *
   * @param associatedData is not used: the encryption context is always the same
   * @throws InvalidConfigurationException when the bytes are too many, or KMS has no such key that
   *     is enabled
   * @throws StoreAccessDeniedException when KMS refuses the request
   * @throws StoreException when KMS cannot be reached
   */
  @Override
  public byte[] encrypt(byte[] plaintext, byte @Nullable [] associatedData) {
    if (plaintext.length > SIZE_MAX) {
      throw new InvalidConfigurationException(
          what("encrypt") + "it has more keys than the " + SIZE_MAX + " bytes that KMS encrypts.",
          "Begin a new backup with a new keyset.");
    }
    return call(
        "encrypt",
        kms ->
            kms.encrypt(
                    new EncryptRequest()
                        .withKeyId(arn)
                        .withPlaintext(ByteBuffer.wrap(plaintext))
                        .withEncryptionContext(CONTEXT))
                .getCiphertextBlob());
  }

  /**
   * The decrypted bytes.
   *
   * @param associatedData is not used: the encryption context is always the same
   * @throws InvalidConfigurationException when this key did not encrypt the bytes, or KMS has no
   *     such key that is enabled
   * @throws StoreAccessDeniedException when KMS refuses the request
   * @throws StoreException when KMS cannot be reached
   */
  @Override
  public byte[] decrypt(byte[] ciphertext, byte @Nullable [] associatedData) {
    return call(
        "decrypt",
        kms ->
            kms.decrypt(
                    new DecryptRequest()
                        .withKeyId(arn)
                        .withCiphertextBlob(ByteBuffer.wrap(ciphertext))
                        .withEncryptionContext(CONTEXT))
                .getPlaintext());
  }

  private byte[] call(String verb, Function<AWSKMS, ByteBuffer> request) {
    AWSKMS kms = client();
    try {
      ByteBuffer answer = request.apply(kms);
      byte[] bytes = new byte[answer.remaining()];
      answer.get(bytes);
      return bytes;
    } catch (AmazonServiceException refusal) {
      throw refused(verb, refusal);
    } catch (SdkClientException unanswered) {
      throw unanswered(verb, unanswered);
    } finally {
      kms.shutdown();
    }
  }

  private AWSKMS client() {
    AWSKMSClientBuilder builder =
        AWSKMSClientBuilder.standard()
            .withCredentials(credentials())
            .withClientConfiguration(
                new ClientConfiguration()
                    .withConnectionTimeout(CONNECT_TIMEOUT_MILLIS)
                    .withSocketTimeout(SOCKET_TIMEOUT_MILLIS)
                    .withMaxErrorRetry(RETRY_COUNT_MAX)
                    .withClientExecutionTimeout(TIME_MAX_MILLIS));
    // As version 2 of the SDK is set; version 1 has no such setting.
    String endpoint =
        System.getProperty(
            ENDPOINT_PROPERTY, Objects.requireNonNullElse(System.getenv(ENDPOINT_VARIABLE), ""));
    return endpoint.isEmpty()
        ? builder.withRegion(region).build()
        : builder.withEndpointConfiguration(new EndpointConfiguration(endpoint, region)).build();
  }

  /** Version 2 knows more sources of credentials, and opens the stores of the command line. */
  private static AWSCredentialsProvider credentials() {
    return SealingKeys.isThere(CREDENTIALS_V2)
        ? new KmsCredentials()
        : DefaultAWSCredentialsProviderChain.getInstance();
  }

  private BackupException refused(String verb, AmazonServiceException refusal) {
    String code = Objects.requireNonNullElse(refusal.getErrorCode(), "");
    String words = " (" + refusal.getStatusCode() + " " + code + ").";
    if (DENIED.contains(code) || refusal.getStatusCode() == 403) {
      return new StoreAccessDeniedException(
          what(verb) + "access denied" + words,
          "Allow kms:Decrypt on that key, and kms:Encrypt to make or rotate keys.",
          refusal);
    }
    if (refusal.getStatusCode() >= 500 || code.equals("ThrottlingException")) {
      return new StoreException(
          what(verb) + "KMS failed" + words, "Run it again, and see AWS's state.", refusal);
    }
    return switch (code) {
      case "InvalidCiphertextException", "IncorrectKeyException" ->
          new InvalidConfigurationException(
              what(verb) + "that key did not encrypt it, or it was changed" + words,
              "Recover the keyset file from a copy.",
              refusal);
      default ->
          new InvalidConfigurationException(
              what(verb) + "KMS does not use that key" + words,
              "Check that the key is there, enabled, and for symmetric encryption.",
              refusal);
    };
  }

  private BackupException unanswered(String verb, SdkClientException failed) {
    // The SDK reports it by this word of the text alone.
    return String.valueOf(failed.getMessage()).contains("credentials")
        ? new StoreAccessDeniedException(
            what(verb) + "the SDK found no credentials.",
            "Give this process credentials in one of the ways of the SDK's default chain.",
            failed)
        : new StoreException(
            what(verb) + "there was no answer (" + failed.getClass().getSimpleName() + ").",
            "Check the network to KMS, its endpoint, and the region in the ARN.",
            failed);
  }

  private String what(String verb) {
    return "Failed to " + verb + " a keyset with " + arn + ": ";
  }

  /** The ARN. */
  @Override
  public String toString() {
    return arn;
  }

  /** The credentials of version 2 of the SDK, for a client of version 1. Thread-safe. */
  private static final class KmsCredentials implements AWSCredentialsProvider {

    @Override
    public AWSCredentials getCredentials() {
      try (DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build()) {
        AwsCredentials found = chain.resolveCredentials();
        return found instanceof AwsSessionCredentials session
            ? new BasicSessionCredentials(
                session.accessKeyId(), session.secretAccessKey(), session.sessionToken())
            : new BasicAWSCredentials(found.accessKeyId(), found.secretAccessKey());
      } catch (SdkException none) {
        throw new SdkClientException("no credentials", none);
      }
    }

    @Override
    public void refresh() {
      // each call asks anew
    }
  }
}
