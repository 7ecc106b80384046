package com.fulcrologic.datomiccloudbackup.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands that run a class in a process of its own. */
public final class ChildJvm {
  /** This process's class path. */
  public static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private ChildJvm() {}

  /**
   * Runs that class with this process's class path.
   *
   * @param options of the JVM
   */
  public static List<String> command(List<String> options, Class<?> main, String... arguments) {
    return command(CLASS_PATH, options, main, arguments);
  }

  /** The same with another class path. A short-lived process is not worth the second compiler. */
  public static List<String> command(
      String classPath, List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
