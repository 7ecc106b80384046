package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's jar has no command line, and is a module. */
class LibraryJarIT {
  private static final String ROOT = "com/fulcrologic/datomiccloudbackup/";
  private static final String JAR = System.getProperty("library.jar");

  @TempDir private Path directory;

  @Test
  void holdsTheLibraryAlone() throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();
      assertThat(names)
          .contains(ROOT + "Cloning.class", ROOT + "ion.clj", ROOT + "store/BackupStore.class")
          .noneMatch(name -> name.startsWith(ROOT + "cli/"))
          .noneMatch(name -> name.endsWith(".class") && !name.startsWith(ROOT));
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo("com.fulcrologic.datomiccloudbackup");
    }
  }

  /** As docs/library.adoc says: Datomic on the class path, and two modules of the JDK beside. */
  @Test
  void worksOnTheModulePath() throws Exception {
    compile(
        "module-info.java", "module app { requires com.fulcrologic.datomiccloudbackup; }",
        "app/Main.java",
            """
            package app;

            import com.fulcrologic.datomiccloudbackup.Cloning;
            import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
            import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;

            public class Main {
              public static void main(String[] args) {
                var local = "{:server-type :datomic-local :storage-dir :mem :system \\"s\\"}";
                var client = DatomicClient.ofEdn(local);
                client.createDatabase("a");
                var cloning = Cloning.with(new MemoryBackupStore());
                cloning.backupNextSegment("a", client.connect("a"), 100);
                System.out.println(cloning.segments("a").size() + " in " + Cloning.class.getModule());
                System.exit(0);
              }
            }
            """);
    assertThat(run("--add-modules", "java.sql,jdk.unsupported"))
        .contains("1 in module com.fulcrologic.datomiccloudbackup");
    assertThat(run()).doesNotContain("1 in module");
  }

  private void compile(String... namesAndTexts) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-proc:none", "-p", JAR, "-d", directory.resolve("app").toString()));
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      Path file = directory.resolve("source").resolve(namesAndTexts[i]);
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, namesAndTexts[i + 1]).toString());
    }
    String[] all = arguments.toArray(String[]::new);
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, all)).isZero();
  }

  private String run(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-p", JAR + File.pathSeparator + directory.resolve("app")));
    command.addAll(List.of("-cp", libraries()));
    command.addAll(List.of(options));
    command.addAll(List.of("-m", "app/app.Main"));
    try (OwnProcess process = new OwnProcess(new ProcessBuilder(command))) {
      int exitCode = process.exitCode();
      return exitCode + ": " + process;
    }
  }

  private static String libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar") && !entry.equals(JAR))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
