package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "doctor",
    description =
        "Tests each thing that a run needs. For a system: its endpoint, its keys and databases,"
            + " the basis of one database, and the clocks. For a store: reading, writing, and the abilities"
            + " of its file system. Writes nothing to a database. Removes its objects from a store, except"
            + " the marker of an S3 store. The exit code is that of the first failure.")
final class DoctorCommand extends Command {
  private static final int NAME_COUNT_MAX = 20;

  @Mixin private ClientOptions clients = new ClientOptions();
  @Mixin private KeysOption keys = new KeysOption();

  @Option(
      names = "--source",
      paramLabel = "EDN",
      description = "The source's client map, or @FILE that holds it.")
  private @Nullable String source;

  @Option(
      names = "--target",
      paramLabel = "EDN",
      description = "The target's client map, or @FILE that holds it.")
  private @Nullable String target;

  @Option(names = "--store", paramLabel = "URI", description = "The store to test.")
  private @Nullable String store;

  @Option(
      names = "--db",
      paramLabel = "NAME",
      description = "A database to connect to; the first listed one when it is not given.")
  private @Nullable String databaseName;

  private final List<String> lines = new ArrayList<>();
  private final List<Map<String, Object>> checks = new ArrayList<>();
  private Optional<Problem> problem = Optional.empty();

  @Override
  Report run() {
    if (source == null && target == null && store == null) {
      source = setting("--source");
      target = setting("--target");
      store = setting("--store");
    }
    Usage.refuseIf(
        source == null && target == null && store == null,
        "missing: --source, --target or --store",
        "give the system or the store to test");
    attempts(source, clientMap -> examine("source", clientMap));
    attempts(target, clientMap -> examine("target", clientMap));
    attempts(store, this::examine);
    return new Report(lines, Json.object("checks", checks), problem);
  }

  /** Examines a thing, if it is given, up to the first failure. */
  private void attempts(@Nullable String given, Consumer<String> examination) {
    try {
      if (given != null) {
        examination.accept(given);
      }
    } catch (BackupException failed) {
      problem = problem.or(() -> Optional.of(Problem.of(failed)));
    }
  }

  private void examine(String storeUri) {
    BackupStore opened =
        attempt("store", () -> keys.over(StoreUris.open(storeUri)), BackupStore::location);
    List<String> unused = attempt("store use", opened::tryOut, found -> String.join("; ", found));
  }

  private void examine(String system, String clientMap) {
    DatomicClient client =
        attempt(
            system + " endpoint",
            () -> clients.client("--" + system, clientMap),
            made -> "a client can be made");
    List<String> names =
        attempt(system + " keys and databases", client::databaseNames, DoctorCommand::listed);
    Optional<String> name =
        Optional.ofNullable(databaseName).or(() -> names.stream().sorted().findFirst());
    name.ifPresent(known -> examine(system, client, known));
  }

  private void examine(String system, DatomicClient client, String name) {
    DatomicConnection connection =
        attempt(
            system + " database " + name,
            () -> ClientOptions.connect(client, name),
            made -> "it can be read");
    long basisT = attempt(system + " basis", connection::freshBasisT, t -> "t " + Words.count(t));
    Instant unused =
        attempt(system + " clock", () -> newest(connection, basisT), DoctorCommand::behindClock);
  }

  private static Instant newest(DatomicConnection connection, long basisT) {
    Instant newest = TransactionDates.of(connection, Transaction.entityId(basisT));
    Instant now = Clock.systemUTC().instant();
    Usage.refuseIf(
        newest.isAfter(now),
        "this machine's clock is at least %s behind: the newest transaction is dated after it"
            .formatted(Words.duration(Duration.between(now, newest))),
        "set the clock (NTP): requests to Cloud are signed with it, and a clock five minutes off"
            + " is refused");
    return newest;
  }

  private static String behindClock(Instant newest) {
    return "the newest transaction is dated %s, %s before this machine's clock"
        .formatted(newest, Words.duration(Duration.between(newest, Clock.systemUTC().instant())));
  }

  private static String listed(List<String> names) {
    List<String> first = names.stream().sorted().limit(NAME_COUNT_MAX).toList();
    return "%s seen%s%s"
        .formatted(
            Words.counted(names.size(), "database"),
            names.isEmpty() ? "" : ": " + String.join(", ", first),
            names.size() > NAME_COUNT_MAX ? ", …" : "");
  }

  /** The result of an attempt, which is noted either way; a failure ends the attempts after it. */
  private <T> T attempt(String what, Supplier<T> attempt, Function<T, String> told) {
    try {
      T result = attempt.get();
      note(what, true, told.apply(result), "");
      return result;
    } catch (BackupException failed) {
      Problem found = Problem.of(failed);
      note(what, false, found.message(), found.hint());
      throw failed;
    }
  }

  private void note(String what, boolean isPassed, String detail, String hint) {
    lines.add((isPassed ? "pass  " : "FAIL  ") + what + ": " + detail);
    Map<String, Object> check = Json.object("check", what, "passed", isPassed, "detail", detail);
    if (!isPassed) {
      lines.add("      hint: " + hint);
      check.put("hint", hint);
    }
    checks.add(check);
  }
}
