(ns com.fulcrologic.datomic-cloud-backup.protocols
  "What a store holds. Every `BackupStore` of the Java library has it."
  (:require [com.fulcrologic.datomic-cloud-backup.impl :as impl])
  (:import
   (com.fulcrologic.datomiccloudbackup BackupOutcome$BackedUpSegment Cloning)
   (com.fulcrologic.datomiccloudbackup.store BackupStore)
   (java.util Optional)))

(set! *warn-on-reflection* true)

(defprotocol TransactionStore
  (last-segment-info [store dbname]
    "The segment that reaches farthest, `{:start-t a :end-t b}`, both inclusive; nil when none is
    stored. Three requests.")
  (saved-segment-info [store dbname]
    "All segments that readers use, as a vector of `{:start-t a :end-t b}`, both inclusive, by
    `:start-t`. Reads the listing, and the head of each segment."))

(extend-protocol TransactionStore
  BackupStore
  (last-segment-info [store dbname]
    (impl/calling
     (fn []
       (impl/data (.newestRange (impl/cloning store) (impl/db-name dbname))))))
  (saved-segment-info [store dbname]
    (impl/calling
     (fn []
       (if (.isPresent ^Optional (.newestRange (impl/cloning store) (impl/db-name dbname)))
         (mapv (fn [^BackupOutcome$BackedUpSegment segment] (impl/range-data (.range segment)))
               (.segments (impl/cloning store) (impl/db-name dbname)))
         [])))))
