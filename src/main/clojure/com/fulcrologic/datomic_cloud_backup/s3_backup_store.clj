(ns com.fulcrologic.datomic-cloud-backup.s3-backup-store
  "A store in a bucket of S3, or of a server like it. Needs the AWS SDK for Java on the class path:
  version 2 (`s3` and `apache5-client`), or version 1 with a client of your own."
  (:require [com.fulcrologic.datomic-cloud-backup.impl :as impl])
  (:import
   (com.fulcrologic.datomiccloudbackup.store.s3
    AwsSdkV1 AwsSdkV2 S3Endpoint S3Location S3Options)))

(set! *warn-on-reflection* true)

(defn- write-options ^S3Options [{:keys [sse-kms-key-id sse-s3? storage-class]}]
  (cond-> S3Options/DEFAULTS
    sse-s3? (as-> ^S3Options options (.withSseS3 options))
    sse-kms-key-id (as-> ^S3Options options (.withSseKms options sse-kms-key-id))
    storage-class (as-> ^S3Options options (.withStorageClass options storage-class))))

(defn new-s3-store
  "A store in `bucket`, which must exist. The credentials come from the first place of the SDK's
  default chain that is set up.

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
      (let [location (S3Location. bucket (or prefix ""))]
        (cond
          (nil? client)
          (AwsSdkV2/connect location
                            (S3Endpoint. (or endpoint "") (or region "") (boolean path-style?))
                            (write-options options))

          (isa? (class client) (try (Class/forName "com.amazonaws.services.s3.AmazonS3")
                                    (catch ClassNotFoundException _ Void)))
          (AwsSdkV1/store client location (write-options options))

          :else
          (AwsSdkV2/store client location (write-options options))))))))
