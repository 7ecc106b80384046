package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.testing.ClassPath;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store over one SDK works where the other one is not on the class path. */
final class OneSdkAloneTest {

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
}
