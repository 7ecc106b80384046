(ns consumer
  "Backs up a database, restores it into another one, and has the two compared."
  (:require [com.fulcrologic.datomic-cloud-backup.cloning :as cloning]
            [com.fulcrologic.datomic-cloud-backup.filesystem-backup-store :as files]
            [datomic.client.api :as d])
  (:import (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(defn -main []
  (let [client    (d/client {:server-type :datomic-local :storage-dir :mem :system "consumer"})
        directory (str (Files/createTempDirectory "consumer-clojure" (make-array FileAttribute 0)))
        store     (files/new-filesystem-store directory)
        conn      (fn [db-name]
                    (d/create-database client {:db-name db-name})
                    (d/connect client {:db-name db-name}))
        source    (conn "source")
        target    (conn "target")]
    (d/transact source {:tx-data [{:db/doc "a datom of the consumer's"}]})
    (let [stored (cloning/backup-next-segment! :source source store 1000)]
      (while (= :restored-segment (cloning/restore-segment! :source target store {})))
      (let [report (cloning/verify :source target store)]
        (when-not (and (pos? stored) (:equal? report))
          (throw (ex-info "The restored database differs" {:stored stored :report report})))
        (println "Clojure: restored" stored "transactions")))
    (shutdown-agents)))
