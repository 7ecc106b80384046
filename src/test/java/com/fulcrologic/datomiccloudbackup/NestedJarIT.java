package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.NestedProgram;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with this library in a jar of jars, started by Spring Boot's loader. */
class NestedJarIT {
  /** What Datomic Local needs, so that the jar stays small. */
  private static final Pattern NEEDED =
      Pattern.compile(
          ".*/(com/datomic/(?!peer)|org/clojure|com/cognitect|org/fressian|org/msgpack|org/ow2/asm"
              + "|org/slf4j|com/github/ben-manes|com/googlecode|com/fasterxml/jackson/core"
              + "|org/javassist|commons-(codec|io)|org/springframework/boot).*");

  private static final Pattern UNPACKED = Pattern.compile(".*/(com/datomic|org/clojure)/.*");

  @TempDir private Path directory;

  @Test
  void worksWhenTheJarsOfDatomicAndClojureAreUnpacked() throws Exception {
    assertThat(run(true)).contains("stored 1");
  }

  @Test
  void saysWhatToDoWhenTheyAreNot() throws Exception {
    assertThat(run(false)).contains("let the jars of Datomic and Clojure be unpacked");
  }

  private String run(boolean isUnpacked) throws Exception {
    Path jar = directory.resolve("program.jar");
    write(jar, isUnpacked);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, "-Djava.io.tmpdir=" + directory, "-jar", jar.toString());
    try (OwnProcess process = new OwnProcess(builder)) {
      assertThat(process.exitCode()).as(process.toString()).isZero();
      return process.toString();
    }
  }

  private static void write(Path jar, boolean isUnpacked) throws IOException {
    List<String> libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> entry.endsWith(".jar"))
            .map(entry -> entry.replace(File.separatorChar, '/'))
            .filter(entry -> NEEDED.matcher(entry).matches())
            .toList();
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(
        Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
    attributes.putValue("Start-Class", NestedProgram.class.getName());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String library : libraries) {
        if (library.contains("/spring-boot-loader/")) {
          unpack(library, out);
        }
      }
      String program = NestedProgram.class.getName().replace('.', '/') + ".class";
      out.putNextEntry(new ZipEntry("BOOT-INF/classes/"));
      out.putNextEntry(new ZipEntry("BOOT-INF/classes/" + program));
      try (InputStream bytes = NestedJarIT.class.getResourceAsStream("/" + program)) {
        bytes.transferTo(out);
      }
      store(System.getProperty("library.jar"), false, out);
      for (String library : libraries) {
        store(library, isUnpacked && UNPACKED.matcher(library).matches(), out);
      }
    }
  }

  private static void unpack(String library, JarOutputStream out) throws IOException {
    try (JarFile loader = new JarFile(library)) {
      for (ZipEntry entry : loader.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        loader.getInputStream(entry).transferTo(out);
      }
    }
  }

  /** A nested jar must not be compressed; the loader unpacks one with this comment. */
  private static void store(String library, boolean isUnpacked, JarOutputStream out)
      throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(library));
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry("BOOT-INF/lib/" + Path.of(library).getFileName());
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    if (isUnpacked) {
      entry.setComment("UNPACK:");
    }
    out.putNextEntry(entry);
    out.write(bytes);
  }
}
