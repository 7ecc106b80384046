package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
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
    try (URLClassLoader loader = classPathWithout(missing)) {
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

  private static URLClassLoader classPathWithout(String directory) {
    URL[] urls =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.replace(File.separatorChar, '/').contains(directory))
            .map(OneSdkAloneTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
