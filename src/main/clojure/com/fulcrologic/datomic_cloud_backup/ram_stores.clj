(ns com.fulcrologic.datomic-cloud-backup.ram-stores
  "A store in memory, for tests."
  (:import (com.fulcrologic.datomiccloudbackup.store MemoryBackupStore)))

(set! *warn-on-reflection* true)

(defn new-ram-store
  "An empty store. Its content ends with the process."
  []
  (MemoryBackupStore.))
