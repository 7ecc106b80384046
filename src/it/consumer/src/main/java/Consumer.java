import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.nio.file.Files;
import java.util.List;

/** Backs up a database, restores it into another one, and has the two compared. */
public final class Consumer {
  private Consumer() {}

  public static void main(String[] args) throws Exception {
    var client =
        DatomicClient.ofEdn(
            "{:server-type :datomic-local :storage-dir :mem :system \"consumer\"}");
    client.createDatabase("source");
    client.createDatabase("target");
    var source = client.connect("source");
    source.transact(List.of(RT.map(Keyword.intern("db", "doc"), "a datom of the consumer's")));
    var cloning =
        Cloning.with(FilesystemBackupStore.at(Files.createTempDirectory("consumer-java")));
    var stored = cloning.backup("source", source, BackupOptions.DEFAULTS);
    var target = client.connect("target");
    var restored = cloning.restore("source", target, RestoreOptions.DEFAULTS);
    var report = cloning.verify("source", target, VerifyOptions.DEFAULTS);
    if (stored.segments().isEmpty() || restored.transactionCount() < 1 || !report.isEqual()) {
      throw new AssertionError(stored + " " + restored + " " + report);
    }
    System.out.println("Java: restored " + restored.transactionCount() + " transactions");
    // The threads of Clojure's agents would keep the process for a minute.
    System.exit(0);
  }
}
