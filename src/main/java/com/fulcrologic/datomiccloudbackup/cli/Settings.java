package com.fulcrologic.datomiccloudbackup.cli;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * Values of options that a command requires, or of keys, that the command line lacks: from the
 * environment ({@code DCB_STORE}), else from a file of properties ({@code store = file:/backups}).
 * Messages never quote a value.
 */
final class Settings implements IDefaultValueProvider {
  static final String CONFIG = "--config";

  private static final long SIZE_MAX = 1 << 20;
  private static final String CONFIG_VARIABLE = variable(CONFIG);
  private static final List<String> OPTIONS =
      List.of("--store", "--source", "--target", KeysOption.KEYS);

  private final Map<String, String> environment;
  private final Properties file;

  private Settings(Map<String, String> environment, Properties file) {
    this.environment = environment;
    this.file = file;
  }

  /** Reads the settings, from a file if the command line or the environment names one. */
  static Settings of(List<String> args, Map<String, String> environment) {
    String path = config(args).orElseGet(() -> environment.getOrDefault(CONFIG_VARIABLE, ""));
    return new Settings(environment, path.isEmpty() ? new Properties() : read(path));
  }

  /** The variable of an option, as in {@code DCB_STORE}; empty for an option that has none. */
  static Optional<String> variableOf(String option) {
    return OPTIONS.contains(option) ? Optional.of(variable(option)) : Optional.empty();
  }

  /**
   * The setting in place of an option; null when there is none. An empty variable is none, except
   * for keys: a failed substitution there must not switch sealing off.
   */
  @Nullable String value(String option) {
    if (!OPTIONS.contains(option)) {
      return null;
    }
    String value = environment.get(variable(option));
    boolean isGiven = value != null && (!value.isEmpty() || option.equals(KeysOption.KEYS));
    return isGiven ? value : file.getProperty(option.substring(2));
  }

  /**
   * An option that is not required selects what a command does, so that only users give it; but
   * keys go with each store.
   */
  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
            && (isRequired(option) || option.longestName().equals(KeysOption.KEYS))
        ? value(option.longestName())
        : null;
  }

  /** As declared; what picocli says depends on the default value, which is asked for here. */
  private static boolean isRequired(OptionSpec option) {
    return option.userObject() instanceof AnnotatedElement field
        && field.isAnnotationPresent(Option.class)
        && field.getAnnotation(Option.class).required();
  }

  private static String variable(String option) {
    return "DCB_" + option.substring(2).toUpperCase(Locale.ROOT);
  }

  private static Optional<String> config(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).startsWith(CONFIG + "=")) {
        return Optional.of(args.get(i).substring(CONFIG.length() + 1));
      }
      if (args.get(i).equals(CONFIG) && i + 1 < args.size()) {
        return Optional.of(args.get(i + 1));
      }
    }
    return Optional.empty();
  }

  private static Properties read(String path) {
    Properties properties = new Properties();
    String what = "Failed to read the file of settings, " + path + ": ";
    try {
      Usage.refuseIf(
          Files.size(Path.of(path)) > SIZE_MAX,
          what + "it is larger than " + SIZE_MAX + " bytes",
          "name a file of settings");
      try (Reader reader = Files.newBufferedReader(Path.of(path))) {
        properties.load(reader);
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      throw Usage.refusal(
          what + "there is no such file of UTF-8 text that this user can read",
          "check the path in --config, or in " + CONFIG_VARIABLE);
    }
    Usage.refuseIf(
        !properties.stringPropertyNames().stream().map("--"::concat).allMatch(OPTIONS::contains),
        what + "it has a name that is none of store, source, target and keys",
        "write lines like store = file:/abs/dir");
    return properties;
  }
}
