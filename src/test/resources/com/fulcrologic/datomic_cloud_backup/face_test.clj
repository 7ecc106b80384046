(ns com.fulcrologic.datomic-cloud-backup.face-test
  "The Clojure face, on Datomic Local. Run by ClojureFaceTest."
  (:require
   [clojure.test :refer [deftest is testing]]
   [com.fulcrologic.datomic-cloud-backup.cloning :as cloning]
   [com.fulcrologic.datomic-cloud-backup.filesystem-backup-store :as files]
   [com.fulcrologic.datomic-cloud-backup.protocols :as dcbp]
   [com.fulcrologic.datomic-cloud-backup.ram-stores :as ram]
   [com.fulcrologic.datomic-cloud-backup.s3-backup-store]
   [com.fulcrologic.datomic-cloud-backup.sealed-backup-store :as sealed]
   [datomic.client.api :as d])
  (:import
   (clojure.lang ExceptionInfo)
   (com.fulcrologic.datomiccloudbackup.store.sealed SealingKeys)
   (java.lang AutoCloseable)
   (java.nio.file Files)
   (java.nio.file.attribute FileAttribute)))

(def ^:private names (atom 0))

(defn- system []
  {:server-type :datomic-local :storage-dir :mem :system (str "face-" (swap! names inc))})

(defn- database [client-map db-name]
  (let [client (d/client client-map)]
    (d/create-database client {:db-name db-name})
    (d/connect client {:db-name db-name})))

(defn- note! [conn texts]
  (doseq [text texts]
    (d/transact conn {:tx-data [{:db/id "note" :db/doc text}]})))

(defn- filled [client-map]
  (doto (database client-map "shop")
    (d/transact {:tx-data [{:db/ident :item/name :db/valueType :db.type/string
                            :db/cardinality :db.cardinality/one}
                           {:db/ident :item/secret :db/valueType :db.type/string
                            :db/cardinality :db.cardinality/one}]})
    (d/transact {:tx-data [{:item/name "one" :item/secret "s1"}
                           {:item/name "two" :item/secret "s2"}]})
    (note! (map str (range 20)))))

(defn- basis [conn] (:t (d/db conn)))

(defn- refusal [call]
  (try (call) nil (catch ExceptionInfo refused (ex-data refused))))

(defn- step!
  "The calls that the original README's backup step makes, in its order, with its arguments."
  [dbname conn db-store txns-per-backup-segment]
  (let [{:keys [end-t]} (dcbp/last-segment-info db-store dbname)
        next-start (inc end-t)
        max-t (min (+ next-start txns-per-backup-segment) (basis conn))]
    (if (pos? (- max-t next-start))
      (let [{:keys [start-t end-t]}
            (cloning/backup-segment! dbname conn db-store next-start max-t)]
        (inc (- end-t start-t)))
      0)))

(deftest the-calls-of-the-original-readme
  (let [conn (filled (system))
        store (ram/new-ram-store)
        target (database (system) "shop")]
    (is (nil? (dcbp/last-segment-info store :shop)))
    (is (= [] (dcbp/saved-segment-info store :shop)))
    (cloning/backup! :shop conn store {:txns-per-segment 10})
    (is (= {:start-t 20 :end-t (basis conn)} (dcbp/last-segment-info store :shop)))
    (is (= 0 (step! :shop conn store 5)) "nothing new")
    (note! conn ["a" "b" "c" "d" "e" "f" "g"])
    (is (= 5 (step! :shop conn store 5)))
    (is (= 1 (step! :shop conn store 5)) "the last transaction waits for the next one")
    (is (= (basis conn) (inc (:end-t (dcbp/last-segment-info store "shop")))))
    (is (= 1 (cloning/backup-next-segment! :shop conn store 100)))
    (is (= 0 (cloning/backup-next-segment! :shop conn store 100)))
    (let [saved (dcbp/saved-segment-info store :shop)]
      (is (= 0 (:start-t (first saved))))
      (is (every? true? (map (fn [one next] (= (inc (:end-t one)) (:start-t next)))
                             saved (rest saved)))))
    (while (= :restored-segment (cloning/restore-segment! :shop target store {})))
    (is (= :nothing-new-available (cloning/restore-segment! :shop target store {})))
    (is (:equal? (cloning/verify :shop target store)))
    (is (:equal? (cloning/verify-stored :shop conn store)))))

(deftest filters-as-the-original-has-them
  (let [conn (filled (system))
        store (ram/new-ram-store)
        target (database (system) "shop")
        options {:blacklist #{:item/secret}
                 :rewrite {:item/name (fn [attribute value] (str attribute "/" value))}}
        seen (atom [])]
    (cloning/backup! "shop" conn store {:txns-per-segment 5 :on-progress #(swap! seen conj %)})
    (is (= #{:range :transactions-done :datoms-done :span-done :span-total}
           (set (keys (peek @seen)))))
    (while (= :restored-segment (cloning/restore-segment! "shop" target store options)))
    (let [db (d/db target)]
      (is (= #{[":item/name/one"] [":item/name/two"]}
             (set (d/q '[:find ?name :where [_ :item/name ?name]] db))))
      (is (empty? (d/q '[:find ?e :where [?e :item/secret]] db))))
    (is (= :target-not-restorable
           (:type (refusal #(cloning/restore-segment! "shop" target store {})))))))

(deftest copies-of-a-state-with-masks
  (let [conn (filled (system))
        store (ram/new-ram-store)
        options {:include #{:item/*}
                 :blacklist #{:item/secret}
                 :mask {:item/name [:truncate 2]}
                 :mask-salt (byte-array 16)}]
    (cloning/backup! "shop" conn store)
    (doseq [more [{} {:source-conn conn}]]
      (let [target (database (system) "shop")
            done (cloning/copy-state! "shop" target store (merge options more))]
        (is (= [] (:unequal-ts done)))
        (is (= #{["on"] ["tw"]}
               (set (d/q '[:find ?name :where [_ :item/name ?name]] (d/db target)))))
        (is (empty? (d/q '[:find ?e :where [?e :item/secret]] (d/db target))))
        (is (nil? (:baseline (cloning/copy-state! "shop" target store (merge options more)))))
        (is (= :target-not-restorable
               (:type (refusal #(cloning/restore! "shop" target store options)))))))))

(deftest failures-are-data
  (let [conn (filled (system))
        store (ram/new-ram-store)
        lacking (ram/new-ram-store)]
    (is (= {:type :no-such-backup :backup "shop"}
           (dissoc (refusal #(cloning/check "shop" store)) :hint)))
    (cloning/backup-segment! "shop" conn lacking 0 5)
    (cloning/backup-segment! "shop" conn lacking 9 12)
    (is (= [{:start-t 5 :end-t 8}] (cloning/backup-gaps "shop" lacking)))
    (let [target (database (system) "shop")
          gap (refusal #(cloning/restore! "shop" target lacking))]
      (is (= :segment-gap (:type gap)))
      (is (string? (:hint gap))))
    (cloning/repair-backup! "shop" conn lacking)
    (is (= [] (cloning/backup-gaps "shop" lacking)))
    (is (= :invalid-configuration (:type (refusal #(cloning/check "shop" "a string")))))
    (is (= :invalid-configuration
           (:type (refusal #(cloning/check "shop" lacking {:level :everything})))))))

(deftest a-client-map-and-a-directory
  (let [client-map (system)
        conn (filled client-map)
        target-map (system)
        directory (Files/createTempDirectory "face" (make-array FileAttribute 0))
        store (files/new-filesystem-store (.toString directory))]
    (database target-map "shop")
    (cloning/backup! "shop" client-map store)
    (is (= (basis conn) (:t (:stored (cloning/status "shop" client-map store)))))
    (let [done (cloning/restore! "shop" target-map store {:until 10})]
      (is (= {:start-t 0 :end-t 10} (:range done)))
      (is (= 10 (:last-source-t done))))
    (is (= (basis conn) (:last-source-t (cloning/restore! "shop" target-map store))))
    (is (= 0 (:t (:target-lag (cloning/status "shop" conn store target-map)))))
    (is (:sound? (cloning/check "shop" store {:level :decode})))
    (is (= 1 (:in-use-count (cloning/compact "shop" store))))
    (let [copy (ram/new-ram-store)
          done (cloning/copy-backup! "shop" store "shop" copy)]
      (is (= [] (:rules done) (:gaps done)))
      (is (pos? (count (:segments done)))))
    (is (= (basis conn) (:t (cloning/write-baseline "shop" store))))
    (is (= {:t 10 :part-count 1}
           (select-keys (cloning/write-baseline "shop" store {:t 10}) [:t :part-count])))
    (is (= 2 (:baseline-count (cloning/check "shop" store {:level :decode}))))))

(deftest receipts-in-another-store
  (let [source (filled (system))
        receipts (ram/new-ram-store)
        store (ram/new-ram-store)]
    (cloning/backup-next-segment! "shop" source store 5)
    (let [receipt (cloning/append-receipt! "shop" store receipts)]
      (is (= 0 (:number receipt)))
      (is (= (:end-t (dcbp/last-segment-info store "shop")) (:t receipt)))
      (is (nil? (cloning/append-receipt! "shop" store receipts)))
      (is (:sound? (cloning/check "shop" store {:receipts receipts}))))
    (cloning/backup! "shop" source store {:adopt-excision? true})
    (cloning/append-receipt! "shop" store receipts)
    (let [older (ram/new-ram-store)]
      (cloning/backup-next-segment! "shop" source older 5)
      (is (not (:sound? (cloning/check "shop" older {:receipts receipts})))))
    (is (= :invalid-configuration
           (:type (refusal #(cloning/check "shop" store {:receipts "a string"})))))))

(deftest a-sealed-store
  (let [conn (filled (system))
        directory (Files/createTempDirectory "face-sealed" (into-array FileAttribute []))
        keys-file (.resolve directory "keys.json")
        plain (files/new-filesystem-store (.resolve directory "store"))
        target (database (system) "shop")]
    (.writeNew (SealingKeys/create) keys-file)
    (cloning/backup! "shop" conn (sealed/new-sealed-store plain {:keys-file keys-file}) {})
    (is (= :sealing-key (:type (refusal #(cloning/check "shop" plain {})))))
    (is (= :invalid-configuration (:type (refusal #(sealed/new-sealed-store plain {})))))
    (let [opened (sealed/new-sealed-store plain {:keyset (slurp (str keys-file))})]
      (while (= :restored-segment (cloning/restore-segment! "shop" target opened {})))
      (is (:equal? (cloning/verify "shop" target opened))))))

(deftest jobs-follow-until-they-are-closed
  (let [conn (filled (system))
        store (ram/new-ram-store)
        target (database (system) "shop")
        backup (cloning/follow-backup! "shop" conn store {:txns-per-segment 10 :poll-ms 10})]
    (try
      (while (not= (basis conn) (:end-t (dcbp/last-segment-info store "shop")))
        (Thread/sleep 5))
      (let [restore (cloning/follow-restore! "shop" target store {:poll-ms 10})]
        (try
          (note! conn ["later"])
          (while (not= 0 (:t (:target-lag (cloning/status "shop" conn store target))))
            (Thread/sleep 5))
          (finally
            (.close ^AutoCloseable restore)
            @restore)))
      (finally
        (.close ^AutoCloseable backup)
        @backup))
    (is (:equal? (cloning/verify "shop" target store)))))
