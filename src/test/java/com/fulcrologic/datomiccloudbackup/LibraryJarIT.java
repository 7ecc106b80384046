package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The library's jar has no command line, and its module a name. */
class LibraryJarIT {
  private static final String ROOT = "com/fulcrologic/datomiccloudbackup/";

  @Test
  void holdsTheLibraryAlone() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("library.jar"))) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .contains(ROOT + "Cloning.class", ROOT + "ion.clj", ROOT + "store/BackupStore.class")
          .noneMatch(name -> name.startsWith(ROOT + "cli/"))
          .noneMatch(name -> name.endsWith(".class") && !name.startsWith(ROOT));
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo("com.fulcrologic.datomiccloudbackup");
    }
  }
}
