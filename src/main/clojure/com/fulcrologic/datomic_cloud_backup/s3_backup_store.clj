(ns com.fulcrologic.datomic-cloud-backup.s3-backup-store
  "A store in a bucket of S3, or of a server like it. Needs the AWS SDK for Java on the class path:
  version 2 (`s3` and `apache5-client`), or version 1 with a client of your own."
  (:require [com.fulcrologic.datomic-cloud-backup.impl :as impl])
  (:import
   (clojure.lang Reflector)
   (com.fulcrologic.datomiccloudbackup.exceptions InvalidConfigurationException)
   (com.fulcrologic.datomiccloudbackup.store.s3 S3Endpoint S3Location S3Options)))

(set! *warn-on-reflection* true)

(defn- write-options ^S3Options [{:keys [sse-kms-key-id sse-s3? storage-class]}]
  (cond-> S3Options/DEFAULTS
    sse-s3? (as-> ^S3Options options (.withSseS3 options))
    sse-kms-key-id (as-> ^S3Options options (.withSseKms options sse-kms-key-id))
    storage-class (as-> ^S3Options options (.withStorageClass options storage-class))))

(defn- with-sdk
  "Calls a method of a class that names the AWS SDK: only the one that is used has to be there."
  [^String class-name ^String method & arguments]
  (try
    (Reflector/invokeStaticMethod
      (str "com.fulcrologic.datomiccloudbackup.store.s3." class-name)
      method
      (object-array arguments))
    (catch NoClassDefFoundError missing
      (throw (InvalidConfigurationException.
               "Failed to open the store: version 2 of the AWS SDK is not on the class path"
               "add software.amazon.awssdk/s3, or give a :client of version 1"
               missing)))))

(defn new-s3-store
  "A store in `bucket`, which must exist. Without a client, it needs version 2 of the SDK, and the
  credentials come from the first place that is set up.

  * `:prefix` - the beginning of all keys, without a slash at either end
  * `:region` - as \"eu-central-1\"; else the region that the SDK finds
  * `:endpoint` - as \"http://127.0.0.1:9000\", for a server other than Amazon's
  * `:path-style?` - whether the path names the bucket, as most other servers need it
  * `:client` - a client of version 1 or 2 of the SDK, of your own, which you close
  * `:sse-s3?`, `:sse-kms-key-id`, `:storage-class` - how objects are written"
  ([bucket]
   (new-s3-store bucket {}))
  ([bucket {:keys [prefix region endpoint path-style? client] :as options}]
   (impl/calling
    (fn []
      (let [location (S3Location. bucket (or prefix ""))
            written (write-options options)]
        (cond
          (nil? client)
          (with-sdk "AwsSdkV2" "connect" location
                    (S3Endpoint. (or endpoint "") (or region "") (boolean path-style?)) written)

          (isa? (class client) (try (Class/forName "com.amazonaws.services.s3.AmazonS3")
                                    (catch ClassNotFoundException _ Void)))
          (with-sdk "AwsSdkV1" "store" client location written)

          :else
          (with-sdk "AwsSdkV2" "store" client location written)))))))
