(ns example.backup
  (:require [com.fulcrologic.datomiccloudbackup.ion :as ion]))

(def config
  "What no input can change: which database, and where to."
  {:source "{:server-type :ion :region \"eu-central-1\" :system \"my-system\"
             :endpoint \"https://my-endpoint\"}"
   :db     "orders"
   :store  "s3://my-backups/prod"})

(defn backup-step [lambda] (ion/backup-step (assoc lambda :config config)))

(defn status [lambda] (ion/status (assoc lambda :config config)))
