package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "verify",
    description =
        "Compares logs, datom for datom; ends with 30 when they differ."
            + " Give two of a store, a source and a target; --restore needs a store alone.")
final class VerifyCommand extends Command {
  private static final String NEWEST = "newest";

  @Mixin private ClientOptions clients = new ClientOptions();
  @Mixin private KeysOption keys = new KeysOption();

  @Option(names = "--store", paramLabel = "URI", description = "The store of the backups.")
  private @Nullable String store;

  @Option(names = "--name", paramLabel = "BACKUP", description = "The backup's name in the store.")
  private @Nullable String name;

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

  @Option(
      names = "--db",
      paramLabel = "NAME",
      description = "The source database's name; without --source, the target's.")
  private @Nullable String databaseName;

  @Option(
      names = "--target-db",
      paramLabel = "NAME",
      description = "The target database's name, if a source is given too.")
  private @Nullable String targetDatabaseName;

  @Option(
      names = "--restore",
      description = "Restores the backup into a temporary, embedded database, and compares that.")
  private boolean restore;

  @Option(
      names = "--baseline",
      paramLabel = "T",
      arity = "0..1",
      fallbackValue = NEWEST,
      description =
          "With --restore: begins with the state as of this source t, instead of the first"
              + " transaction; without a t, as of the newest.")
  private @Nullable String baseline;

  @Option(
      names = "--as-far-as-restored",
      description = "Accepts a target that is behind, if it is equal as far as it reaches.")
  private boolean asFarAsRestored;

  @Option(names = "--show-values", description = "Quotes the values that differ.")
  private boolean showValues;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "Keeps the receipt, in JSON, in a new file.")
  private @Nullable String receipt;

  @Mixin private ReceiptsOption receipts = new ReceiptsOption();

  private Supplier<Optional<Problem>> receiptToKeep = Optional::empty;

  @Override
  Report run() {
    ReceiptFile file = receipt == null ? null : ReceiptFile.at(receipt);
    if (file != null) {
      file.tryToWrite().ifPresent(this::warn);
    }
    Optional<BackupStore> kept =
        receipts.isGiven() ? receipts.open(keys, openStore()) : Optional.empty();
    VerificationReport result =
        watch("verify", progress -> compared(options().withListener(progress)));
    Map<String, Object> json = VerifyReport.json(result);
    receiptToKeep = file == null ? Optional::empty : () -> file.keep(receipt(json));
    Report report = new Report(VerifyReport.lines(result), json, VerifyReport.problem(result));
    return kept.isEmpty() || (asFarAsRestored && hasGap()) ? report : receipted(report, kept);
  }

  /** Whether the store lacks transactions: a receipt for the newest one would hide it. */
  private boolean hasGap() {
    List<TxRange> gaps = name == null ? List.of() : cloning().backupGaps(name);
    gaps.stream()
        .findFirst()
        .ifPresent(gap -> warn("the store lacks %s: no receipt is appended".formatted(gap)));
    return !gaps.isEmpty();
  }

  private VerifyOptions options() {
    VerifyOptions options = VerifyOptions.DEFAULTS;
    options = showValues ? options.quotingValues() : options;
    return asFarAsRestored ? options.asFarAsRestored() : options;
  }

  /** With a receipt in the chain of the store's backup, if that is equal. */
  private Report receipted(Report report, Optional<BackupStore> kept) {
    String backup = name == null ? required("--db", databaseName) : name;
    return ReceiptsOption.receipted(report, new NamedBackup(openStore(), backup), kept);
  }

  private static Map<String, Object> receipt(Map<String, Object> json) {
    Map<String, Object> object = Json.object("command", "verify");
    object.putAll(json);
    return object;
  }

  @Override
  Optional<Problem> printed() {
    return receiptToKeep.get();
  }

  private VerificationReport compared(VerifyOptions options) {
    if (restore) {
      refuse(
          "--restore", "--source", source, "--target", target, "--target-db", targetDatabaseName);
      return cloning()
          .verifyRestore(
              required("--name", name),
              baseline == null ? options : options.fromBaseline(point(baseline)));
    }
    refuse("a target, which records what it begins with", "--baseline", baseline);
    if (source != null && target != null) {
      refuse("--source and --target", "--store", store, "--name", name);
      refuse("--source and --target", "--receipts", receipts.isGiven() ? "" : null);
      DatomicConnection original =
          clients.connect("--source", source, required("--db", databaseName));
      return Cloning.with(new MemoryBackupStore())
          .verify(
              original,
              clients.connect("--target", target, required("--target-db", targetDatabaseName)),
              options);
    }
    refuse("a store", "--target-db", targetDatabaseName);
    String database = required("--db", databaseName);
    Cloning cloning = cloning();
    if (source != null) {
      return cloning.verifyStored(
          name == null ? database : name, clients.connect("--source", source, database), options);
    }
    return cloning.verify(
        required("--name", name),
        clients.connect("--target", required("--target", target), database),
        options);
  }

  private static RestorePoint point(String t) {
    try {
      return t.equals(NEWEST) ? RestorePoint.NEWEST : new RestorePoint.AtT(Long.parseLong(t));
    } catch (IllegalArgumentException malformed) {
      throw new InvalidConfigurationException(
          "--baseline is not a t", "give the t of a stored transaction, or no value", malformed);
    }
  }

  private Cloning cloning() {
    return Cloning.with(openStore());
  }

  private BackupStore openStore() {
    return keys.over(StoreUris.open(required("--store", store)));
  }

  private String required(String option, @Nullable String given) {
    return required(
        option,
        given,
        "give --store with --target, --source with --target, --source with --store, or --restore"
            + " with --store; see verify --help");
  }

  /** Refuses options that a comparison ignores, since they would suggest another comparison. */
  private static void refuse(String form, @Nullable String... optionsAndValues) {
    for (int i = 0; i < optionsAndValues.length; i += 2) {
      Usage.refuseIf(
          optionsAndValues[i + 1] != null,
          optionsAndValues[i] + " does not go with " + form,
          "leave one of them out");
    }
  }
}
