package com.fulcrologic.datomiccloudbackup.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Numbers of one kind, one a round; told by their median and their spread. Mutable. */
final class Sample {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double median() {
    double[] sorted = sorted();
    return sorted[sorted.length / 2];
  }

  double least() {
    return sorted()[0];
  }

  /** The least, the median and the greatest. */
  String spread() {
    double[] sorted = sorted();
    return format("%.2f (%.2f to %.2f)", median(), sorted[0], sorted[sorted.length - 1]);
  }

  private double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  static void print(String format, Object... values) {
    System.out.println(format(format, values));
  }

  /** What was asked for, or else the usual. */
  static List<Integer> sizes(List<String> asked, Integer... usual) {
    return asked.isEmpty() ? List.of(usual) : asked.stream().map(Integer::valueOf).toList();
  }
}
