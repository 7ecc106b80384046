package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.internal.segment.CodecBenchmark;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs one benchmark by its name, in a Java process of its own with the heap and the cores that the
 * benchmark asks for. Further arguments replace its sizes.
 */
public final class Benchmarks {
  private static final String HERE = "here";
  private static final List<String> ANY_HEAP = List.of("-Xmx3g");
  private static final List<String> SMALL_HEAP = List.of("-Xmx256m");
  private static final List<String> ONE_CORE =
      List.of("-Xmx256m", "-XX:ActiveProcessorCount=1", "-XX:+UseSerialGC");

  private static final Map<String, Benchmark> ALL =
      Map.ofEntries(
          Map.entry("restore", new Benchmark(ANY_HEAP, RestoreBenchmark::run)),
          Map.entry("null", new Benchmark(ONE_CORE, NullBenchmark::run)),
          Map.entry("backup", new Benchmark(SMALL_HEAP, BackupBenchmark::run)),
          Map.entry("size", new Benchmark(ANY_HEAP, SizeBenchmark::run)),
          Map.entry("cold", new Benchmark(ANY_HEAP, ColdBenchmark::run)),
          Map.entry("latency", new Benchmark(ANY_HEAP, LatencyBenchmark::run)),
          Map.entry("baseline", new Benchmark(ANY_HEAP, BaselineBenchmark::run)),
          Map.entry("fold", new Benchmark(SMALL_HEAP, FoldBenchmark::run)),
          Map.entry("ahead", new Benchmark(ANY_HEAP, AheadBenchmark::run)),
          Map.entry("sealed", new Benchmark(ANY_HEAP, SealedBenchmark::run)),
          Map.entry("codec", new Benchmark(ANY_HEAP, sizes -> CodecBenchmark.main(new String[0]))));

  private Benchmarks() {}

  /** What it needs, and what it does. */
  private record Benchmark(List<String> jvmArguments, Run run) {}

  private interface Run {
    void run(List<String> sizes) throws IOException;
  }

  /**
   * Runs a benchmark.
   *
   * @param arguments its name, and perhaps its sizes
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    boolean isForked = words.remove(HERE);
    Benchmark benchmark = words.isEmpty() ? null : ALL.get(words.get(0));
    if (benchmark == null) {
      System.err.println("which benchmark? one of " + ALL.keySet().stream().sorted().toList());
      System.exit(2);
    } else if (isForked) {
      benchmark.run().run(words.subList(1, words.size()));
      System.out.flush();
      System.exit(0); // Datomic Local keeps threads of its own
    } else {
      System.exit(fork(benchmark.jvmArguments(), words));
    }
  }

  private static int fork(List<String> jvmArguments, List<String> words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classPath()));
    command.addAll(List.of(Benchmarks.class.getName(), HERE));
    command.addAll(words);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** Ours: under Maven, it is not the process's. */
  private static String classPath() {
    if (!(Benchmarks.class.getClassLoader() instanceof URLClassLoader maven)) {
      return System.getProperty("java.class.path");
    }
    List<String> paths = new ArrayList<>();
    for (URL url : maven.getURLs()) {
      try {
        paths.add(Path.of(url.toURI()).toString());
      } catch (URISyntaxException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return String.join(File.pathSeparator, paths);
  }
}
