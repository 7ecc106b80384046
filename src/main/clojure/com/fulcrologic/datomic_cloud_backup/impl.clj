(ns ^:no-doc com.fulcrologic.datomic-cloud-backup.impl
  "From Clojure data to the Java library and back. Not for callers."
  (:require [clojure.string :as str])
  (:import
   (clojure.lang IFn)
   (com.fulcrologic.datomiccloudbackup BackupException BackupException$Place Cloning TxRange)
   (com.fulcrologic.datomiccloudbackup.datomic DatomicClient DatomicConnection)
   (com.fulcrologic.datomiccloudbackup.store BackupStore)
   (java.lang Record)
   (java.lang.reflect Method RecordComponent)
   (java.time Instant)
   (java.util Collection Date LinkedHashMap Map Optional OptionalInt OptionalLong Set)))

(set! *warn-on-reflection* true)

(def ^:private kept-max
  "Stores and client maps of which something is kept, at most."
  8)

(defn keeping
  "A function that keeps the results of its latest calls, so that calls with the same arguments
  share what they remember."
  [make]
  (let [kept (LinkedHashMap. 16 0.75 true)]
    (fn [& arguments]
      (locking kept
        (or (.get kept arguments)
            (let [made (apply make arguments)]
              (.put kept arguments made)
              (when (> (.size kept) (long kept-max))
                (.remove kept (first (.keySet kept))))
              made))))))

(def ^:private kept-cloning (keeping (fn [store] (Cloning/with ^BackupStore store))))

(defn backup-store ^BackupStore [store]
  (when-not (instance? BackupStore store)
    (throw (ex-info "The store is not a backup store"
                    {:type :invalid-configuration
                     :hint "make it by new-filesystem-store, new-s3-store or new-ram-store"})))
  store)

(defn cloning ^Cloning [store]
  (kept-cloning (backup-store store)))

(defn db-name ^String [database-name]
  (name database-name))

(def ^:private connected
  (keeping
   (fn [client-map database-name]
     (let [client (requiring-resolve 'datomic.client.api/client)]
       (.connect (DatomicClient/of (client client-map)) database-name)))))

(defn connection
  "A connection of the Java library, for one of its own, one of Datomic's client API, or a client
  map, with which the database of that name is meant."
  ^DatomicConnection [conn database-name]
  (cond
    (instance? DatomicConnection conn) conn
    (map? conn) (connected conn (db-name database-name))
    :else (DatomicConnection/of conn)))

(defn- kebab [^String camel]
  (keyword (str/lower-case (str/replace camel #"(?<=[a-z0-9])(?=[A-Z])" "-"))))

(defn- constant [^Enum value]
  (keyword (str/lower-case (str/replace (.name value) "_" "-"))))

(defn constant-of
  "The constant of a Java enum for a keyword."
  ^Enum [^Class type value]
  (let [wanted (str/upper-case (str/replace (name value) "-" "_"))]
    (or (first (filter (fn [^Enum each] (= wanted (.name each))) (.getEnumConstants type)))
        (throw (ex-info (str "The option " value " is not known")
                        {:type :invalid-configuration
                         :hint (str "give one of " (mapv constant (.getEnumConstants type)))})))))

(declare data)

(defn- record-data [^Record value]
  (into {}
        (map (fn [^RecordComponent component]
               [(kebab (.getName component))
                (data (.invoke ^Method (.getAccessor component) value (object-array 0)))]))
        (.getRecordComponents (class value))))

(defn range-data
  "Both ends are inclusive, as in the original library."
  [^TxRange range]
  {:start-t (.startT range) :end-t (dec (.endT range))})

(defn data
  "A result as Clojure data: records as maps with keywords, ranges with inclusive ends, dates as
  `#inst`, constants as keywords, and nil for what is absent."
  [value]
  (cond
    (instance? TxRange value) (range-data value)
    (instance? Record value) (record-data value)
    (instance? Optional value) (data (.orElse ^Optional value nil))
    (instance? OptionalLong value) (when (.isPresent ^OptionalLong value)
                                     (.getAsLong ^OptionalLong value))
    (instance? OptionalInt value) (when (.isPresent ^OptionalInt value)
                                    (.getAsInt ^OptionalInt value))
    (instance? Enum value) (constant value)
    (instance? Instant value) (Date/from value)
    (instance? Set value) (into #{} (map data) value)
    (instance? Map value) (into {} (map (fn [[k v]] [(data k) (data v)])) value)
    (instance? Collection value) (mapv data value)
    (and (integer? value) (not (instance? BigInteger value))) (long value)
    :else value))

(defn- failure [^BackupException cause]
  (let [^BackupException$Place place (.place cause)
        type (-> (.getSimpleName (class cause)) (str/replace "Exception" "") kebab)]
    (ex-info (.getMessage cause)
             (into {:type type :hint (.hint cause)}
                   (filter (comp some? val))
                   (record-data place))
             cause)))

(defn calling
  "Calls, and turns a failure of the library into an `ex-info`."
  [^IFn call]
  (try
    (call)
    (catch BackupException cause
      (throw (failure cause)))))
