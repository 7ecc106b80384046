package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** Any text is the URI of a store, or is refused. */
class StoreUriFuzzTest {
  @FuzzTest
  void storeUri(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      if (text.startsWith("s3:")) {
        assertThat(StoreUris.S3.parse(new URI(text)).location().toString()).startsWith("s3://");
      } else {
        assertThat(StoreUris.open(text).location()).startsWith("file:");
      }
    } catch (InvalidConfigurationException refused) {
      assertThat(refused.hint()).isNotEmpty();
    } catch (URISyntaxException malformed) {
      assertThat(text).startsWith("s3:"); // which the command line asks first
    }
  }
}
