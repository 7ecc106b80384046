(ns com.fulcrologic.datomic-cloud-backup.sealed-backup-store
  "A store whose objects are encrypted and authentic. Needs Google Tink on the class path.
  A lost key loses the backup."
  (:require [com.fulcrologic.datomic-cloud-backup.impl :as impl])
  (:import
   (com.fulcrologic.datomiccloudbackup.store BackupStore)
   (com.fulcrologic.datomiccloudbackup.store.sealed SealedBackupStore SealingKeys)
   (java.nio.file Path)))

(set! *warn-on-reflection* true)

(defn new-sealed-store
  "A store that seals what `store` keeps, with the keys of one of

  * `:keys-file` - a keyset file, as the command `keys new` writes it
  * `:keyset` - the text of such a file, as from a store of secrets"
  [store {:keys [keys-file keyset]}]
  (when (= (some? keys-file) (some? keyset))
    (throw (ex-info "The keys of the sealed store are not given once"
                    {:type :invalid-configuration :hint "give :keys-file or :keyset"})))
  (impl/calling
   (fn []
     (SealedBackupStore/over
      ^BackupStore store
      (if keyset
        (SealingKeys/parse keyset)
        (SealingKeys/read (Path/of (str keys-file) (make-array String 0))))))))
