(ns com.fulcrologic.datomic-cloud-backup.filesystem-backup-store
  "A store in a directory."
  (:import
   (com.fulcrologic.datomiccloudbackup.store FilesystemBackupStore)
   (java.nio.file Path)))

(set! *warn-on-reflection* true)

(defn new-filesystem-store
  "A store in `directory`, which the first backup makes; its parent must exist."
  [directory]
  (FilesystemBackupStore/at (Path/of (str directory) (make-array String 0))))
