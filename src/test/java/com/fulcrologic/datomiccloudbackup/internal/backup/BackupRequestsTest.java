package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requests that a backup makes of its store, counted: none twice to learn the same. */
class BackupRequestsTest {
  private static final TxRange FIRST = new TxRange(0, 10);

  /** One claim, three levels of keys. */
  private static final int ADMISSION_LIST_COUNT = 4;

  /** The claim, the head of the newest segment. */
  private static final int ADMISSION_READ_COUNT = 2;

  private static DatomicConnection source;

  private Watched store;
  private Backup backup;

  @BeforeAll
  static void makeSource() {
    source = LocalSystem.inMemory().newDatabase();
    SampleWorld.fill(source);
  }

  @BeforeEach
  void makeStore() {
    store = new Watched();
    backup = new Backup(StoredBackup.of(store, "w"), source, CloningListener.IGNORING);
  }

  @Test
  void aSegmentThatIsStoredCostsOneListingMoreThanTheAdmission() {
    backup.backupSegment(FIRST, RetryPolicy.DEFAULT);
    store.requests.clear();
    assertThat(backup.backupSegment(FIRST, RetryPolicy.DEFAULT)).isPresent();
    assertRequests(ADMISSION_LIST_COUNT + 1, ADMISSION_READ_COUNT, 0);
  }

  @Test
  void aSegmentAtTheEndCostsTheAdmissionAndAWrite() {
    backup.backupSegment(FIRST, RetryPolicy.DEFAULT);
    store.requests.clear();
    assertThat(backup.backupSegment(new TxRange(10, 20), RetryPolicy.DEFAULT)).isPresent();
    assertRequests(ADMISSION_LIST_COUNT + 1, ADMISSION_READ_COUNT, 1);
  }

  @Test
  void theNextSegmentCostsTheAdmissionAndAWrite() {
    backup.backupSegment(FIRST, RetryPolicy.DEFAULT);
    store.requests.clear();
    backup.backupNextSegment(10, RetryPolicy.DEFAULT);
    assertRequests(ADMISSION_LIST_COUNT, ADMISSION_READ_COUNT, 1);
  }

  @Test
  void nothingNewCostsTheAdmission() {
    backup.backup(BackupOptions.DEFAULTS);
    store.requests.clear();
    assertThat(backup.backupNextSegment(10, RetryPolicy.DEFAULT))
        .isInstanceOf(NothingNewToBackUp.class);
    assertRequests(ADMISSION_LIST_COUNT, ADMISSION_READ_COUNT, 0);
  }

  /** The store has repeated it already, and has said so. */
  @Test
  void aWriteThatTheStoreHasGivenUpIsNotRepeated() {
    store.isFailing = true;
    assertThatThrownBy(() -> backup.backup(BackupOptions.DEFAULTS))
        .isInstanceOf(IncompleteBackupException.class)
        .hasMessageContaining("out of order");
    assertThat(store.requests.stream().filter(each -> each.startsWith("create w/seg"))).hasSize(1);
    store.requests.clear();
    assertThatThrownBy(() -> backup.backupNextSegment(10, RetryPolicy.DEFAULT))
        .isInstanceOf(StoreException.class);
    assertThat(store.requests.stream().filter(each -> each.startsWith("create w/seg"))).hasSize(1);
  }

  private void assertRequests(int listCount, int readCount, int createCount) {
    assertThat(store.count("list")).as(store.requests.toString()).isEqualTo(listCount);
    assertThat(store.count("read")).as(store.requests.toString()).isEqualTo(readCount);
    assertThat(store.count("create")).as(store.requests.toString()).isEqualTo(createCount);
  }

  private static final class Watched extends ForwardingBackupStore {
    private final List<String> requests = new ArrayList<>();
    private boolean isFailing;

    Watched() {
      super(new MemoryBackupStore());
    }

    long count(String kind) {
      return requests.stream().filter(each -> each.startsWith(kind + " ")).count();
    }

    @Override
    public synchronized boolean create(String key, byte[] content) {
      requests.add("create " + key);
      if (isFailing && key.contains("/segments/")) {
        throw new StoreException("Failed to create: out of order", "wait");
      }
      return super.create(key, content);
    }

    @Override
    public synchronized Optional<byte[]> read(String key, int sizeMax) {
      requests.add("read " + key);
      return super.read(key, sizeMax);
    }

    @Override
    public synchronized Stream<StoredObject> list(String prefix, String startAfter) {
      requests.add("list " + prefix);
      return super.list(prefix, startAfter);
    }
  }
}
