package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupPlan;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Cuts what is not stored yet into shares, which several processes can back up at once. */
@picocli.CommandLine.Command(
    name = "plan",
    description = {
      "Cuts what is not stored yet into shares, for several processes that back up at once;",
      "writes nothing."
    })
final class PlanCommand extends Command {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--shards",
      required = true,
      paramLabel = "N",
      description = "How many shares; fewer where there are fewer t.")
  private int shardCount;

  PlanCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    int count = RangeOptions.requireShardCount("--shards", shardCount);
    BackupStore backups = store.open();
    String name = source.backupName();
    BackupPlan plan = Cloning.with(backups).backupPlan(name, source.connect(), count);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("store", backups.location());
    json.put("basisT", plan.basisT());
    json.put("range", plan.range().map(Json::range));
    json.put("shards", plan.shards().stream().map(Json::range).toList());
    return new Report(lines("backup " + name + " in " + backups.location(), plan), json);
  }

  private List<String> lines(String place, BackupPlan plan) {
    if (plan.range().isEmpty()) {
      return List.of("nothing to do: " + place + " holds everything up to t " + plan.basisT());
    }
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%5s  %-30s %14s", "shard", "range", "t"));
    for (int i = 0; i < plan.shards().size(); i++) {
      TxRange shard = plan.shards().get(i);
      lines.add(String.format(Locale.ROOT, "%5d  %-30s %14s", i, shard, Words.count(shard.span())));
    }
    lines.add("back each of them up with: backup --range RANGE");
    lines.add(
        "or: backup --range '"
            + plan.range().get()
            + "' --shard I --of "
            + shardCount
            + ", with I from 0 to "
            + (shardCount - 1));
    return lines;
  }
}
