(ns com.fulcrologic.datomic-cloud-backup.cloning
  "Backup and restore of a Datomic database, by its transaction log.

  `database-name` is the backup's name in the store, a string or a keyword. `conn` is a connection
  of `datomic.client.api`, or a client map, with which the database of that name is meant. `store`
  is made by `new-filesystem-store`, `new-s3-store` or `new-ram-store`.

  Results are maps. A range `{:start-t a :end-t b}` includes both ends in all results; arguments
  named `end-t` are exclusive, as in the original library. A failure is an `ex-info` with `:type`
  (as `:segment-gap`, `:target-in-use`), `:hint`, and `:backup`, `:t`, `:range` and `:key` as far as
  they are known; its cause is the exception of the Java library.

  All functions may be called by several threads. Calls for the same store and connection share what
  they remember, for 8 stores and client maps at most."
  (:require [com.fulcrologic.datomic-cloud-backup.impl :as impl])
  (:import
   (clojure.lang IDeref)
   (com.fulcrologic.datomiccloudbackup
    BackupOptions BackupOutcome BackupOutcome$BackedUpSegment BackupSummary
    Cloning Mask Progress$Listener RestoreOptions RestoreOutcome RestorePoint RestorePoint$AtT
    RestoreOutcome$RestoredSegment TransactionsInFlight TxRange)
   (com.fulcrologic.datomiccloudbackup.check CheckLevel CheckOptions CheckReport)
   (com.fulcrologic.datomiccloudbackup.datomic DatomicConnection)
   (com.fulcrologic.datomiccloudbackup.jobs BackupJob Job JobOptions RestoreFollower)
   (com.fulcrologic.datomiccloudbackup.store BackupStore)
   (com.fulcrologic.datomiccloudbackup.upkeep BaselineOptions CompactOptions CopyOptions)
   (com.fulcrologic.datomiccloudbackup.verify VerificationReport VerifyOptions)
   (java.lang AutoCloseable)
   (java.time Duration Instant)
   (java.util Date Optional)
   (java.util.concurrent FutureTask)
   (java.util.function UnaryOperator)))

(set! *warn-on-reflection* true)

(def ^:private txns-per-segment-default 10000)

(defn- listener ^Progress$Listener [on-progress]
  (reify Progress$Listener
    (progressed [_ progress] (on-progress (impl/data progress)))))

(defn- backup-options
  ^BackupOptions [{:keys [txns-per-segment parallelism parallel? adopt? adopt-excision? exclude
                          on-progress]
                   :or {txns-per-segment txns-per-segment-default parallel? true}}]
  (cond-> (.withTransactionCountMax BackupOptions/DEFAULTS (int txns-per-segment))
    exclude (as-> ^BackupOptions options
                  (reduce (fn [^BackupOptions each attribute] (.excluding each (str attribute)))
                          options
                          exclude))
    parallelism (as-> ^BackupOptions options (.withParallelism options (int parallelism)))
    (not parallel?) (as-> ^BackupOptions options (.withParallelism options 1))
    adopt? (as-> ^BackupOptions options (.adoptingSource options))
    adopt-excision? (as-> ^BackupOptions options (.adoptingExcisions options))
    on-progress (as-> ^BackupOptions options (.withListener options (listener on-progress)))))

(defn backup-segment!
  "Stores the transactions from `start-t` to before `end-t`, in one segment. Returns the range that
  the segment covers; nil when there is no transaction in it. The same range again is no harm."
  [database-name source-conn store start-t end-t]
  (impl/calling
   (fn []
     (impl/data
      (.backupSegment (impl/cloning store)
                      (impl/db-name database-name)
                      (impl/connection source-conn database-name)
                      (TxRange. start-t end-t))))))

(defn backup-next-segment!
  "Stores the segment that follows what is stored; the first one starts at the log's beginning.
  Returns the number of transactions in it, 0 when there is nothing new. For a scheduled job."
  [database-name source-conn store max-txns]
  (impl/calling
   (fn []
     (let [^BackupOutcome outcome
           (.backupNextSegment (impl/cloning store)
                               (impl/db-name database-name)
                               (impl/connection source-conn database-name)
                               (int max-txns))]
       (if (instance? BackupOutcome$BackedUpSegment outcome)
         (.transactionCount ^BackupOutcome$BackedUpSegment outcome)
         0)))))

(defn- summary [^BackupSummary done]
  (impl/data (.segments done)))

(defn backup!
  "Stores everything up to the source's basis at the call, several segments at once, and fills gaps
  first. Returns the segments that it stored, as maps with `:range`, `:transaction-count`,
  `:datom-count` and `:size`.

  * `:txns-per-segment` - 10 000 unless given
  * `:parallel?` - true unless given; `:parallelism`, 1 to 64, says how many segments at once
  * `:adopt?` - accepts a source that has another id since, if its log is the stored one
  * `:adopt-excision?` - accepts that the source has excised datoms that are stored
  * `:exclude` - idents of attributes that never enter the store; the first backup records them, and
    each later one does the same
  * `:on-progress` - called with `:transactions-done`, `:datoms-done`, `:span-done`, `:span-total`"
  ([database-name source-conn store]
   (backup! database-name source-conn store {}))
  ([database-name source-conn store options]
   (impl/calling
    (fn []
      (summary
       (.backup (impl/cloning store)
                (impl/db-name database-name)
                (impl/connection source-conn database-name)
                (backup-options options)))))))

(defn backup-gaps
  "The ranges that are missing below the end of what is stored."
  [database-name store]
  (impl/calling
   (fn []
     (impl/data (.backupGaps (impl/cloning store) (impl/db-name database-name))))))

(defn repair-backup!
  "Stores what `backup-gaps` finds missing. Options and result are those of `backup!`."
  ([database-name source-conn store]
   (repair-backup! database-name source-conn store {}))
  ([database-name source-conn store options]
   (impl/calling
    (fn []
      (summary
       (.repairBackup (impl/cloning store)
                      (impl/db-name database-name)
                      (impl/connection source-conn database-name)
                      (backup-options options)))))))

(defn- rewriting [attribute rewrite]
  (reify UnaryOperator
    (apply [_ value] (rewrite attribute value))))

(defn- mask ^Mask [named]
  (Mask/parse (if (vector? named) (str (name (first named)) ":" (second named)) (name named))))

(defn- filtered ^RestoreOptions [blacklist include rewrite masks mask-salt]
  (as-> RestoreOptions/DEFAULTS options
    (reduce (fn [^RestoreOptions each attribute] (.excluding each (str attribute)))
            options
            blacklist)
    (reduce (fn [^RestoreOptions each attribute] (.including each (str attribute)))
            options
            include)
    (reduce (fn [^RestoreOptions each [attribute change]]
              (.rewriting each (str attribute) (rewriting attribute change)))
            options
            rewrite)
    (reduce (fn [^RestoreOptions each [attribute named]]
              (.withMask each (str attribute) (mask named)))
            options
            masks)
    (if mask-salt (.withMaskSalt ^RestoreOptions options ^bytes mask-salt) options)))

(def ^:private same-filters
  "The rewrites are compared by identity, so a loop has to use the same ones."
  (impl/keeping filtered))

(defn- restore-options
  ^RestoreOptions [{:keys [blacklist include rewrite mask mask-salt until in-flight on-progress baseline]}]
  (cond-> ^RestoreOptions (same-filters blacklist include rewrite mask mask-salt)
    (int? until) (as-> ^RestoreOptions options (.until options (long until)))
    (inst? until) (as-> ^RestoreOptions options
                        (.until options ^Instant (Instant/ofEpochMilli (inst-ms until))))
    (= :newest baseline) (as-> ^RestoreOptions options
                               (.fromBaseline options RestorePoint/NEWEST))
    (int? baseline) (as-> ^RestoreOptions options
                          (.fromBaseline options (RestorePoint$AtT. (long baseline))))
    in-flight (as-> ^RestoreOptions options
                    (.withInFlight options (TransactionsInFlight/upTo (int in-flight))))
    on-progress (as-> ^RestoreOptions options (.withListener options (listener on-progress)))))

(defn restore-segment!
  "Restores what the target lacks of the next segment. Returns `:restored-segment`, or
  `:nothing-new-available` when the target holds everything that is stored.

  * `:blacklist` - a set of attributes, or namespaces as `:person/*`, whose datoms are left out
  * `:include` - the same of those that are carried; the datoms of all others of yours are left out
  * `:rewrite` - a map from attribute to `(fn [attribute value] new-value)`, which must be pure, and
    keep different values of unique and cardinality-many attributes different. Use the same
    functions at each call
  * `:mask` - a map from attribute to `:hash`, `:fake`, `:null-out` or `[:truncate n]`
  * `:mask-salt` - a byte array of 16 random bytes or more, for `:hash` and `:fake`; use the same one
    at each call
  * `:until` - a t, or an `#inst`, to end with
  * `:baseline` - a t, or `:newest`: begins an empty target with the state as of then, instead of the
    first transaction; the target has no history before it. Use the same one at each call
  * `:in-flight` - how many transactions at once, 1 to 32
  * `:on-progress` - called with the progress in this segment

  The filters are recorded in the target at the first call; other ones are refused later."
  ([database-name target-conn store]
   (restore-segment! database-name target-conn store {}))
  ([database-name target-conn store options]
   (impl/calling
    (fn []
      (let [^RestoreOutcome outcome
            (.restoreSegment (impl/cloning store)
                             (impl/db-name database-name)
                             (impl/connection target-conn database-name)
                             (restore-options options))]
        (if (instance? RestoreOutcome$RestoredSegment outcome)
          :restored-segment
          :nothing-new-available))))))

(defn restore!
  "Restores everything that is stored, in one call, after a check that nothing is missing. Options
  are those of `restore-segment!`; `:on-progress` is called with the progress of the whole. Returns
  a map with `:range`, `:transaction-count`, `:datom-count`, `:last-source-t`, `:unequal-ts`,
  `:baseline`, with `:t` and `:datom-count`, if one was loaded, and `:left-out`: what the target's
  Datomic cannot express, a map with `:kind`, `:names` and `:count` for each kind."
  ([database-name target-conn store]
   (restore! database-name target-conn store {}))
  ([database-name target-conn store options]
   (impl/calling
    (fn []
      (impl/data
       (.restore (impl/cloning store)
                 (impl/db-name database-name)
                 (impl/connection target-conn database-name)
                 (restore-options options)))))))

(defn copy-state!
  "Copies the state of a database into an empty one, without its history: of the backup, or, with
  `:source-conn`, of a live source. Nothing continues the copy, but the same call one that was cut
  short. Takes `:blacklist`, `:include`, `:rewrite`, `:mask`, `:mask-salt`, `:in-flight`,
  `:on-progress` and `:until` (a t, or for a backup an `#inst`; the newest unless given) of
  `restore-segment!`; the result is that of `restore!`."
  ([database-name target-conn store]
   (copy-state! database-name target-conn store {}))
  ([database-name target-conn store {:keys [source-conn] :as options}]
   (impl/calling
    (fn []
      (let [cloning (impl/cloning store)
            target (impl/connection target-conn database-name)]
        (impl/data
         (if source-conn
           (.copyState cloning
                       ^DatomicConnection (impl/connection source-conn database-name)
                       target
                       (restore-options options))
           (.copyState cloning
                       ^String (impl/db-name database-name)
                       target
                       (restore-options options)))))))))

(defn- verify-options ^VerifyOptions [{:keys [values? as-far-as-restored? on-progress]}]
  (cond-> VerifyOptions/DEFAULTS
    values? (as-> ^VerifyOptions options (.quotingValues options))
    as-far-as-restored? (as-> ^VerifyOptions options (.asFarAsRestored options))
    on-progress (as-> ^VerifyOptions options (.withListener options (listener on-progress)))))

(defn- report [^VerificationReport verified]
  (assoc (impl/data verified) :equal? (.isEqual verified)))

(defn verify
  "Compares a restored database with the backup, transaction by transaction. Returns a map with
  `:equal?`, `:range`, `:transaction-count`, `:differences` and `:sha256`. Writes nothing.

  * `:as-far-as-restored?` - accepts a target that is behind
  * `:values?` - the differences quote values of the databases
  * `:on-progress` - called with the progress"
  ([database-name target-conn store]
   (verify database-name target-conn store {}))
  ([database-name target-conn store options]
   (impl/calling
    (fn []
      (report
       (.verify (impl/cloning store)
                (impl/db-name database-name)
                (impl/connection target-conn database-name)
                (verify-options options)))))))

(defn verify-stored
  "Compares the backup with the live source; else as `verify`."
  ([database-name source-conn store]
   (verify-stored database-name source-conn store {}))
  ([database-name source-conn store options]
   (impl/calling
    (fn []
      (report
       (.verifyStored (impl/cloning store)
                      (impl/db-name database-name)
                      (impl/connection source-conn database-name)
                      (verify-options options)))))))

(defn status
  "The lag of the backup behind its source, and of a target if one is given. Returns a map with
  `:source`, `:stored`, `:gaps`, `:target` and `:lag`."
  ([database-name source-conn store]
   (impl/calling
    (fn []
      (let [found (.status (impl/cloning store)
                           (impl/db-name database-name)
                           (impl/connection source-conn database-name))]
        (assoc (impl/data found) :lag (impl/data (.lag found)))))))
  ([database-name source-conn store target-conn]
   (impl/calling
    (fn []
      (let [found (.status (impl/cloning store)
                           (impl/db-name database-name)
                           (impl/connection source-conn database-name)
                           (impl/connection target-conn database-name))]
        (assoc (impl/data found)
               :lag (impl/data (.lag found))
               :target-lag (impl/data (.targetLag found))))))))

(defn check
  "Checks whether what is stored is sound. Returns a map with `:sound?`, `:findings`,
  `:segment-count` and more.

  * `:level` - `:names`, `:hash` or `:decode`; `:hash` unless given
  * `:receipts` - the store to which `append-receipt!` has written: shows that the newest segments
    are gone
  * `:on-progress` - called with the progress"
  ([database-name store]
   (check database-name store {}))
  ([database-name store {:keys [level receipts on-progress]}]
   (impl/calling
    (fn []
      (let [options (cond-> CheckOptions/DEFAULTS
                      level (as-> ^CheckOptions options
                                  (.withLevel options (impl/constant-of CheckLevel level)))
                      on-progress (as-> ^CheckOptions options
                                        (.withListener options (listener on-progress))))
            library (impl/cloning store)
            backup (impl/db-name database-name)
            ^CheckReport found (if receipts
                                 (.check library backup options (impl/backup-store receipts))
                                 (.check library backup options))]
        (assoc (impl/data found) :sound? (.isSound found)))))))

(defn append-receipt!
  "Notes in another store how far the backup reaches. Call it after `backup-next-segment!` or
  `backup!`. Returns a map with `:number`, `:database-id`, `:t`, `:transaction-hash` and `:written`;
  nil when the last receipt says the same.

  * `receipts` - a store in which those who can write to `store` cannot write; sealed, if the
    receipts are to be authentic"
  [database-name store receipts]
  (impl/calling
   (fn []
     (impl/data
      (.appendReceipt (impl/cloning store)
                      (impl/db-name database-name)
                      (impl/backup-store receipts))))))

(defn compact
  "Writes larger segments that cover many small ones; removes nothing. Returns a map with
  `:segments`, `:in-use-count` and `:covered-count`."
  ([database-name store]
   (compact database-name store {}))
  ([database-name store {:keys [txns-per-segment on-progress]}]
   (impl/calling
    (fn []
      (impl/data
       (.compact (impl/cloning store)
                 (impl/db-name database-name)
                 (cond-> CompactOptions/DEFAULTS
                   txns-per-segment (as-> ^CompactOptions options
                                          (.withTransactionCountMax options
                                                                    (long txns-per-segment)))
                   on-progress (as-> ^CompactOptions options
                                     (.withListener options (listener on-progress))))))))))

(defn copy-backup!
  "Copies a backup under another name, or into another store, or both: as it is, or without the
  datoms that options leave out. Transactions, their t and all ids stay. Returns a map with
  `:segments`, `:already-stored-count`, `:left-out-datom-count`, `:gaps` and `:rules`.

  * `:exclude` - idents of attributes
  * `:erase` - pairs of an attribute's ident and a value, as a string: each entity that ever had it
  * `:erase-entities` - ids in the source
  * `:on-progress` - called with the progress"
  ([database-name store to-name to-store]
   (copy-backup! database-name store to-name to-store {}))
  ([database-name store to-name to-store {:keys [exclude erase erase-entities on-progress]}]
   (impl/calling
    (fn []
      (impl/data
       (.copyBackup (impl/cloning store)
                    (impl/db-name database-name)
                    ^BackupStore to-store
                    (impl/db-name to-name)
                    ^CopyOptions
                    (as-> CopyOptions/DEFAULTS options
                      (reduce (fn [^CopyOptions each attribute] (.excluding each (str attribute)))
                              options
                              exclude)
                      (reduce (fn [^CopyOptions each [attribute value]]
                                (.erasing each (str attribute) ^String value))
                              options
                              erase)
                      (.erasing ^CopyOptions options ^java.util.Collection (vec erase-entities))
                      (cond-> ^CopyOptions options
                        on-progress (as-> ^CopyOptions each
                                          (.withListener each (listener on-progress)))))))))))

(defn write-baseline
  "Stores the state of the database as of one t in the backup, so that a restore can begin with it.
  Needs no source; the same t again is no harm. Returns a map with `:t`, `:instant`, `:datom-count`
  and `:part-count`.

  * `:t` - the t of a stored transaction; the newest unless given
  * `:on-progress` - called with the progress"
  ([database-name store]
   (write-baseline database-name store {}))
  ([database-name store {:keys [t on-progress]}]
   (impl/calling
    (fn []
      (impl/data
       (.writeBaseline (impl/cloning store)
                       (impl/db-name database-name)
                       ^BaselineOptions
                       (cond-> BaselineOptions/DEFAULTS
                         t (as-> ^BaselineOptions options (.at options (long t)))
                         on-progress (as-> ^BaselineOptions options
                                           (.withListener options (listener on-progress))))))))))

(defn- job-options ^JobOptions [{:keys [poll-ms]}]
  (cond-> JobOptions/DEFAULTS
    poll-ms (as-> ^JobOptions options (.withPollInterval options (Duration/ofMillis poll-ms)))))

(defn- started
  "The job, in a daemon thread of its own."
  [^Job job]
  (let [ended (FutureTask. ^Callable (fn [] (impl/calling (fn [] (.run job)))))]
    (doto (Thread. ended "datomic-cloud-backup-follow")
      (.setDaemon true)
      (.start))
    (reify
      AutoCloseable
      (close [_] (.close job))
      IDeref
      (deref [_]
        (try
          (.get ended)
          (catch java.util.concurrent.ExecutionException failed
            (throw (.getCause failed))))))))

(defn follow-backup!
  "Backs up new transactions until it is closed, in a thread of its own. Returns the job: `.close`
  ends it, and `deref` waits for its end and throws the failure that ended it.

  * `:txns-per-segment` - 10 000 unless given
  * `:poll-ms` - the wait when nothing is new"
  [database-name source-conn store {:keys [txns-per-segment]
                                    :or {txns-per-segment txns-per-segment-default}
                                    :as options}]
  (impl/calling
   (fn []
     (started
      (BackupJob. (impl/cloning store)
                  (impl/db-name database-name)
                  (impl/connection source-conn database-name)
                  (int txns-per-segment)
                  (job-options options))))))

(defn follow-restore!
  "Restores new segments until it is closed, in a thread of its own. Options are those of
  `restore-segment!`, and `:poll-ms`; the result is that of `follow-backup!`."
  [database-name target-conn store options]
  (impl/calling
   (fn []
     (started
      (RestoreFollower. (impl/cloning store)
                        (impl/db-name database-name)
                        (impl/connection target-conn database-name)
                        (restore-options options)
                        (job-options options))))))
