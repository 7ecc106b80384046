package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.testing.ClassPath;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store over one SDK works where the other one is not on the class path. */
final class OneSdkAloneTest {
  private static final String TRY =
      """
      (require '[com.fulcrologic.datomic-cloud-backup.s3-backup-store :as s3])
      (try
        (.location (s3/new-s3-store "bucket" {:prefix "prefix" :client %s}))
        (catch clojure.lang.ExceptionInfo refusal
          (:hint (ex-data refusal))))
      """;

  @ParameterizedTest
  @CsvSource({
    "AloneV1, /software/amazon/awssdk/, software.amazon.awssdk.core.SdkClient",
    "AloneV2, /com/amazonaws/, com.amazonaws.AmazonServiceException"
  })
  void works(String user, String missing, String missingClass) throws Exception {
    String name = OneSdkAloneTest.class.getPackageName() + "." + user;
    try (URLClassLoader loader = ClassPath.without(missing)) {
      assertThatThrownBy(() -> loader.loadClass(missingClass))
          .isInstanceOf(ClassNotFoundException.class);
      Object answer =
          loader
              .loadClass(name)
              .getMethod("use", String.class, String.class, String.class, String.class)
              .invoke(
                  null,
                  S3Server.endpoint(),
                  S3Server.newBucket(),
                  S3Server.accessKey(),
                  S3Server.secretKey());
      assertThat(answer).isEqualTo("true false [1, 2, 3] [StoredObject[key=a, size=3]]");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/software/amazon/awssdk/"
            + "| (.build (.withRegion (com.amazonaws.services.s3.AmazonS3ClientBuilder/standard)"
            + " \"us-east-1\"))"
            + "| s3://bucket/prefix",
        "/com/amazonaws/"
            + "| (.build (.region (software.amazon.awssdk.services.s3.S3Client/builder)"
            + " software.amazon.awssdk.regions.Region/US_EAST_1))"
            + "| s3://bucket/prefix",
        "/software/amazon/awssdk/| nil"
            + "| add software.amazon.awssdk/s3, or give a :client of version 1"
      })
  void worksInClojure(String missing, String client, String expected) throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = ClassPath.without(missing)) {
      Thread.currentThread().setContextClassLoader(loader);
      Class<?> clojure = loader.loadClass("clojure.java.api.Clojure");
      Object evaluate =
          clojure
              .getMethod("var", Object.class, Object.class)
              .invoke(null, "clojure.core", "load-string");
      Object answer =
          evaluate
              .getClass()
              .getMethod("invoke", Object.class)
              .invoke(evaluate, TRY.formatted(client));
      assertThat(answer).isEqualTo(expected);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
