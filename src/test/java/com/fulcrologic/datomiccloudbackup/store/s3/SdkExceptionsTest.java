package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.s3.AmazonS3;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** All that the SDKs can throw, through clients that throw it: each tells what to do. */
final class SdkExceptionsTest {
  private static final int ATTEMPT_COUNT = 3;
  private static final S3Options OPTIONS =
      S3Options.DEFAULTS.withRetryPolicy(
          new RetryPolicy(ATTEMPT_COUNT, Duration.ZERO, Duration.ZERO));

  private static final String AGAIN = "run it again";
  private static final String SET_UP = "how the SDK's client is set up";
  private static final String SERVER = "Check the server";
  private static final String POLICIES = "what the bucket's policies ask for";

  /** By the simple name: the status, and what the hint has to say. */
  private static final Map<String, Answer> ANSWERS =
      Map.ofEntries(
          Map.entry("AccessDeniedException", new Answer(403, "Allow s3:ListBucket")),
          Map.entry("InvalidObjectStateException", new Answer(403, "archive")),
          Map.entry("NoSuchBucketException", new Answer(404, "bucket's name")),
          Map.entry("NoSuchKeyException", new Answer(404, "bucket's name")),
          Map.entry("NoSuchUploadException", new Answer(404, "bucket's name")),
          Map.entry("NoSuchAnnotationException", new Answer(404, "bucket's name")),
          Map.entry("BucketAlreadyExistsException", new Answer(409, "Run it again")),
          Map.entry("BucketAlreadyOwnedByYouException", new Answer(409, "Run it again")),
          Map.entry("UnsupportedMediaTypeException", new Answer(415, SERVER)),
          Map.entry("EncryptionTypeMismatchException", new Answer(400, POLICIES)),
          Map.entry("InvalidRequestException", new Answer(400, POLICIES)),
          Map.entry("InvalidWriteOffsetException", new Answer(400, POLICIES)),
          Map.entry("TooManyPartsException", new Answer(400, POLICIES)),
          Map.entry("IdempotencyParameterMismatchException", new Answer(400, POLICIES)),
          Map.entry("AnnotationLimitExceededException", new Answer(400, POLICIES)),
          Map.entry("AnnotationNameTooLongException", new Answer(400, POLICIES)),
          Map.entry("InvalidAnnotationNameException", new Answer(400, POLICIES)),
          Map.entry("InvalidPrefixException", new Answer(400, POLICIES)),
          Map.entry("ObjectAlreadyInActiveTierErrorException", new Answer(403, "Allow s3:")),
          Map.entry("ObjectNotInActiveTierErrorException", new Answer(403, "Allow s3:")),
          Map.entry("S3Exception", new Answer(500, "Run it again")),
          Map.entry("AwsServiceException", new Answer(503, "Run it again")),
          Map.entry("SdkServiceException", new Answer(0, SET_UP)),
          Map.entry("AmazonServiceException", new Answer(503, "Run it again")),
          Map.entry("AmazonS3Exception", new Answer(500, "Run it again")),
          Map.entry("MultiObjectDeleteException", new Answer(405, "is S3 there?")),
          Map.entry("ApiCallTimeoutException", new Answer(0, AGAIN)),
          Map.entry("ApiCallAttemptTimeoutException", new Answer(0, AGAIN)),
          Map.entry("ClientExecutionTimeoutException", new Answer(0, AGAIN)),
          Map.entry("Crc32MismatchException", new Answer(0, AGAIN)),
          Map.entry("RetryableException", new Answer(0, AGAIN)));

  /**
   * @param status of HTTP; 0 where there was no answer
   * @param hint part of what to do; anything that is not listed is a client that is set up wrongly
   */
  private record Answer(int status, String hint) {
    private static final Answer NONE = new Answer(0, SET_UP);
  }

  @Test
  void eachExceptionOfTheFirstSdk() throws Exception {
    eachException("/com/amazonaws/", "com.amazonaws.");
  }

  @Test
  void eachExceptionOfTheSecondSdk() throws Exception {
    eachException("/software/amazon/awssdk/", "software.amazon.awssdk.");
  }

  private static void eachException(String jars, String prefix) throws Exception {
    Set<String> seen = new TreeSet<>();
    for (Class<? extends RuntimeException> each : exceptions(jars)) {
      Answer answer = ANSWERS.getOrDefault(each.getSimpleName(), Answer.NONE);
      RuntimeException thrown = make(each, answer.status());
      Sdk sdk = prefix.startsWith("com") ? Sdk.V1 : Sdk.V2;
      requireTold(sdk, thrown, answer.hint());
      seen.add(each.getSimpleName());
    }
    assertThat(seen).hasSizeGreaterThan(10);
  }

  /** Whatever else a client may let through. */
  @ParameterizedTest
  @EnumSource
  void otherFailuresOfAClient(Sdk sdk) {
    requireTold(sdk, new IllegalStateException("Connection pool shut down"), "was closed");
    requireTold(sdk, new IllegalArgumentException("secret"), SET_UP);
    requireTold(sdk, new NullPointerException(), SET_UP);
    requireTold(sdk, new UncheckedIOException(new IOException("secret")), AGAIN);
  }

  static List<Object[]> wires() {
    List<Object[]> wires = new ArrayList<>();
    for (Sdk sdk : Sdk.values()) {
      wires.add(new Object[] {sdk, new UnknownHostException("h"), "DNS"});
      wires.add(new Object[] {sdk, new ConnectException("h"), "port"});
      wires.add(new Object[] {sdk, new NoRouteToHostException("h"), AGAIN});
      wires.add(new Object[] {sdk, new SocketException("h"), AGAIN});
      wires.add(new Object[] {sdk, new SocketTimeoutException("h"), AGAIN});
      wires.add(new Object[] {sdk, new EOFException("h"), AGAIN});
      wires.add(new Object[] {sdk, new SSLHandshakeException("h"), "certificate"});
      wires.add(new Object[] {sdk, new SSLPeerUnverifiedException("h"), "certificate"});
    }
    return wires;
  }

  @ParameterizedTest
  @MethodSource("wires")
  void whatBecameOfTheConnection(Sdk sdk, IOException wire, String hint) {
    RuntimeException thrown =
        sdk == Sdk.V1
            ? new com.amazonaws.SdkClientException("secret", wire)
            : SdkClientException.create("secret", wire);
    requireTold(sdk, thrown, hint, wire.getClass().getSimpleName());
  }

  private static void requireTold(Sdk sdk, RuntimeException thrown, String hint) {
    requireTold(sdk, thrown, hint, "");
  }

  /** Each call of the store fails so; what may pass is tried again, and nothing else is. */
  private static void requireTold(Sdk sdk, RuntimeException thrown, String hint, String words) {
    AtomicInteger callCount = new AtomicInteger();
    BackupStore store = store(sdk, thrown, callCount);
    List<Runnable> calls =
        List.of(() -> list(store), () -> store.create("a", new byte[1]), () -> store.read("a", 1));
    for (Runnable call : calls) {
      callCount.set(0);
      BackupException failure = catchThrowableOfType(BackupException.class, call::run);
      if (failure == null) { // it says that there is no such object
        assertThat(thrown.getClass().getSimpleName()).isEqualTo("NoSuchKeyException");
        continue;
      }
      String message = String.valueOf(failure.getMessage());
      boolean isOfTheCondition = message.contains("If-None-Match");
      assertThat(message).contains(isOfTheCondition ? "" : words).doesNotContain("secret");
      assertThat(failure.hint())
          .as(thrown.getClass().getName())
          .contains(isOfTheCondition ? "conditional writes" : hint);
      boolean isAgain = failure.hint().toLowerCase(Locale.ROOT).contains(AGAIN);
      boolean isOfTheWire = !words.isEmpty();
      assertThat(callCount).hasValue(isAgain || isOfTheWire ? ATTEMPT_COUNT : 1);
    }
  }

  private static List<StoredObject> list(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.toList();
    }
  }

  private static BackupStore store(Sdk sdk, RuntimeException thrown, AtomicInteger callCount) {
    S3Location location = new S3Location("bucket", "p");
    return sdk == Sdk.V1
        ? AwsSdkV1.store(throwing(AmazonS3.class, thrown, callCount), location, OPTIONS)
        : AwsSdkV2.store(throwing(S3Client.class, thrown, callCount), location, OPTIONS);
  }

  private static <T> T throwing(Class<T> type, RuntimeException thrown, AtomicInteger callCount) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              callCount.incrementAndGet();
              throw thrown;
            }));
  }

  /** Unchecked, and public: what a caller of a client may meet. */
  private static List<Class<? extends RuntimeException>> exceptions(String jars) throws Exception {
    List<Class<? extends RuntimeException>> found = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String path = entry.replace(File.separatorChar, '/');
      if (!path.contains(jars) || !path.endsWith(".jar") || path.matches(".*(sts|sso|kms).*")) {
        continue;
      }
      try (JarFile jar = new JarFile(entry)) {
        for (String name :
            jar.stream()
                .map(Object::toString)
                .filter(each -> each.endsWith("Exception.class"))
                .toList()) {
          load(name)
              .filter(RuntimeException.class::isAssignableFrom)
              .filter(type -> !type.getPackageName().endsWith(".transfer.exception"))
              .filter(type -> Modifier.isPublic(type.getModifiers()))
              .filter(type -> !Modifier.isAbstract(type.getModifiers()))
              .ifPresent(type -> found.add(type.asSubclass(RuntimeException.class)));
        }
      }
    }
    return found;
  }

  private static Optional<Class<?>> load(String file) {
    String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
    try {
      return Optional.of(Class.forName(name, false, SdkExceptionsTest.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError absent) { // of an optional part
      return Optional.empty();
    }
  }

  private static RuntimeException make(Class<? extends RuntimeException> type, int status)
      throws Exception {
    if (SdkException.class.isAssignableFrom(type)) {
      Method maker = type.getMethod("builder");
      Object builder = maker.invoke(null);
      if (builder instanceof AwsServiceException.Builder service) {
        String code = type.getSimpleName().replaceAll("(Error)?Exception$", "");
        service
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
            .statusCode(status);
      }
      return ((SdkException.Builder) builder)
          .message("secret")
          .cause(new IllegalStateException("secret"))
          .build();
    }
    RuntimeException made = instance(type);
    if (made instanceof AmazonServiceException service) {
      service.setStatusCode(status);
      service.setErrorCode("Some");
    }
    return made;
  }

  private static RuntimeException instance(Class<? extends RuntimeException> type)
      throws Exception {
    for (Constructor<?> each : type.getConstructors()) {
      Object[] arguments = new Object[each.getParameterCount()];
      Class<?>[] types = each.getParameterTypes();
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] =
            types[i] == String.class
                ? "secret"
                : types[i] == Throwable.class || types[i] == Exception.class
                    ? new IllegalStateException("secret")
                    : types[i].isAssignableFrom(ArrayList.class) ? new ArrayList<>() : null;
      }
      if (Stream.of(types).noneMatch(Class::isPrimitive)) {
        return (RuntimeException) each.newInstance(arguments);
      }
    }
    throw new AssertionError("cannot be made: " + type);
  }
}
