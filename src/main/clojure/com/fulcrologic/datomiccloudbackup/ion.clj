(ns com.fulcrologic.datomiccloudbackup.ion
  "Entry points for an Ion's Lambdas: each takes {:input :context}, and answers JSON.

  What to work on comes from the input, a JSON object, and from :config, a map with the same keys
  that whoever wraps an entry point adds; what :config says, no input can change.

    source, db, store, name          client map (or its EDN), database, file: or s3: URI, backup's name;
                                     in JSON, \":ion\" or \"ion\" is the keyword that Datomic expects
    keys, keyset                     of a sealed store, one of both: a keyset file, or its text
    target, targetDb                 the same of the target, for restore-step and status
    exclude                          idents of attributes to leave out, for restore-step
    transactions                     in a segment at most; 1000 unless told
    seconds                          how long to work at most, 840 or less; when the context tells how
                                     much time is left, four fifths of that are the limit, too; 40
                                     with neither

  A step that answers {\"done\": false} ended because its time was up: call it again. A failure is
  thrown, so that the Lambda fails, and alarms see it."
  (:import (com.amazonaws ClientConfiguration)
           (com.amazonaws.services.s3 AmazonS3ClientBuilder)
           (com.fasterxml.jackson.core JsonFactory JsonGenerator JsonParser JsonToken)
           (com.fulcrologic.datomiccloudbackup BackupOutcome$BackedUpSegment BackupStatus
                                               BackupStatus$TargetStatus Cloning Lag
                                               Progress$Listener RestoreOptions
                                               RestoreOutcome$RestoredSegment RetryPolicy
                                               SourcePoint TxRange)
           (com.fulcrologic.datomiccloudbackup.exceptions InvalidConfigurationException)
           (com.fulcrologic.datomiccloudbackup.datomic DatomicClient DatomicConnection Edn)
           (com.fulcrologic.datomiccloudbackup.store BackupStore FilesystemBackupStore)
           (com.fulcrologic.datomiccloudbackup.store.s3 AwsSdkV1 S3Location S3Options)
           (com.fulcrologic.datomiccloudbackup.store.sealed SealedBackupStore SealingKeys)
           (java.io StringWriter)
           (java.net URI)
           (java.nio.file Path)
           (java.time Duration)
           (java.util Optional)))

(set! *warn-on-reflection* true)

(def ^:private seconds-default 40)
(def ^:private seconds-max 840)
(def ^:private transactions-default 1000)
(def ^:private gaps-listed-max 100)
(def ^:private ^RetryPolicy retry-policy
  (RetryPolicy. 5 (Duration/ofMillis 100) (Duration/ofSeconds 2)))
(def ^:private ^JsonFactory json-factory (JsonFactory.))

;; JSON, with what transit has on every node.

(declare read-value)

(defn- read-object [^JsonParser parser]
  (loop [object {}]
    (if (= JsonToken/END_OBJECT (.nextToken parser))
      object
      (let [field (keyword (.getCurrentName parser))]
        (.nextToken parser)
        (recur (assoc object field (read-value parser)))))))

(defn- read-array [^JsonParser parser]
  (loop [array []]
    (if (= JsonToken/END_ARRAY (.nextToken parser))
      array
      (recur (conj array (read-value parser))))))

(defn- read-value [^JsonParser parser]
  (condp = (.currentToken parser)
    JsonToken/START_OBJECT (read-object parser)
    JsonToken/START_ARRAY (read-array parser)
    JsonToken/VALUE_NUMBER_INT (.getLongValue parser)
    JsonToken/VALUE_TRUE true
    JsonToken/VALUE_FALSE false
    JsonToken/VALUE_NULL nil
    (.getText parser)))

(defn- read-input [^String input]
  (if (empty? input)
    {}
    (try
      (with-open [parser (.createParser json-factory input)]
        (let [object (do (.nextToken parser) (read-value parser))]
          (if (map? object) object {})))
      (catch java.io.IOException _
        (throw (InvalidConfigurationException.
                 "Failed to read the input: it is not JSON" "send a JSON object"))))))

(defn- write-value [^JsonGenerator generator value]
  (cond
    (map? value) (do (.writeStartObject generator)
                     (doseq [[k v] value]
                       (.writeFieldName generator (name k))
                       (write-value generator v))
                     (.writeEndObject generator))
    (sequential? value) (do (.writeStartArray generator)
                            (run! #(write-value generator %) value)
                            (.writeEndArray generator))
    (boolean? value) (.writeBoolean generator (boolean value))
    (integer? value) (.writeNumber generator (long value))
    (float? value) (.writeNumber generator (double value))
    (nil? value) (.writeNull generator)
    :else (.writeString generator (str value))))

(defn- write-json [value]
  (let [text (StringWriter.)]
    (with-open [generator (.createGenerator json-factory text)]
      (write-value generator value))
    (str text)))

;; What to work on.

(defn- required [config k]
  (or (get config k)
      (throw (InvalidConfigurationException.
               (str "Failed to begin: " (name k) " is missing")
               "put it into the input, or into :config"))))

(defn- count? [value] (and (int? value) (<= 1 value Integer/MAX_VALUE)))

(defn- client-map? [value] (or (string? value) (map? value)))

(defn- idents? [value] (and (sequential? value) (every? #(or (string? %) (keyword? %)) value)))

(def ^:private accepted
  {:source       [client-map? "a client map, or its text in EDN"]
   :target       [client-map? "a client map, or its text in EDN"]
   :db           [string? "a string"]
   :targetDb     [string? "a string"]
   :store        [string? "a string such as s3://bucket/prefix"]
   :name         [string? "a string"]
   :keys         [string? "a string: the path of a keyset file"]
   :keyset       [string? "a string: the text of a keyset file"]
   :exclude      [idents? "an array of idents such as :person/email"]
   :transactions [count? "a whole number from 1"]
   :seconds      [count? "a whole number from 1"]})

(defn- configuration [{:keys [input config]}]
  (let [merged (merge (read-input input) config)]
    (doseq [[k [accepts? expected]] accepted]
      (when-not (or (nil? (get merged k)) (accepts? (get merged k)))
        (throw (InvalidConfigurationException.
                 (str "Failed to begin: " (name k) " is not " expected)
                 (str "give " (name k) " as " expected)))))
    merged))

(defn- open-store ^BackupStore [^String text]
  (let [uri (URI. text)]
    (when (.getQuery uri)
      (throw (InvalidConfigurationException.
               "Failed to open the store: its URI has parameters, which are not taken here"
               "write it like s3://bucket/prefix; set encryption and storage class at the bucket")))
    (case (.getScheme uri)
      "file" (FilesystemBackupStore/at (Path/of (.getPath uri) (make-array String 0)))
      "s3" (AwsSdkV1/store
             (-> (AmazonS3ClientBuilder/standard)
               (.withClientConfiguration
                 (.withUseExpectContinue (ClientConfiguration.) false))
               (.build))
             (S3Location. (.getAuthority uri) (.replaceAll (str (.getPath uri)) "^/|/$" ""))
             S3Options/DEFAULTS)
      (throw (InvalidConfigurationException.
               "Failed to open the store: its URI is neither file: nor s3:"
               "write it like s3://bucket/prefix")))))

(defn- seal ^BackupStore [^BackupStore store {file :keys text :keyset}]
  (cond
    (and file text) (throw (InvalidConfigurationException.
                             "Failed to begin: keys and keyset are both given"
                             "put one of them into the input, or into :config"))
    file (SealedBackupStore/over store
           (SealingKeys/read (Path/of file (make-array String 0))))
    text (SealedBackupStore/over store (SealingKeys/parse text))
    :else store))

(defn- cloning ^Cloning [config]
  (Cloning/with (seal (open-store (required config :store)) config)))

(defn- keyword-of [^String text]
  (keyword (if (.startsWith text ":") (subs text 1) text)))

(defn- of-json
  "JSON has no keywords: the server type, and each text that begins with a colon, is one."
  [k value]
  (if (and (string? value) (or (= :server-type k) (.startsWith ^String value ":")))
    (keyword-of value)
    value))

(defn- client-edn ^String [client-map]
  (if (map? client-map)
    (Edn/write (into {} (map (fn [[k value]] [k (of-json k value)])) client-map))
    client-map))

(defn- connect ^DatomicConnection [config client-key db-key]
  (.connect (DatomicClient/ofEdn (client-edn (required config client-key))) (required config db-key)))

(defn- backup-name ^String [config]
  (or (:name config) (required config :db)))

;; How long to work.

(defn- millis-left [context]
  (cond
    (nil? context) nil
    (map? context) (or (:remainingTimeInMillis context) (:getRemainingTimeInMillis context))
    :else (let [^java.lang.reflect.Method method
                (try
                  (.getMethod (class context) "getRemainingTimeInMillis" (make-array Class 0))
                  (catch NoSuchMethodException _ nil))]
            (when method
              (.setAccessible method true)
              (.invoke method context (make-array Object 0))))))

(defn- time-is-up
  "A function that tells whether it is."
  [{:keys [seconds]} context]
  (let [left (millis-left context)
        asked (cond seconds (* 1000 (long seconds))
                    left (* 1000 (long seconds-max))
                    :else (* 1000 (long seconds-default)))
        millis (min asked (* 1000 (long seconds-max)) (if left (quot (* 4 (long left)) 5) asked))
        end (+ (System/nanoTime) (* 1000000 (long millis)))]
    (fn [] (neg? (- end (System/nanoTime))))))

;; The entry points.

(defn backup-step
  "Stores what follows what is stored, until nothing is new or the time is up; one segment at least."
  [{:keys [context] :as arguments}]
  (let [config (configuration arguments)
        up? (time-is-up config context)
        library (cloning config)
        source (connect config :source :db)
        transactions-max (int (or (:transactions config) transactions-default))]
    (loop [segments 0, transactions 0]
      (let [outcome (.backupNextSegment library (backup-name config) source transactions-max
                      retry-policy)]
        (if (instance? BackupOutcome$BackedUpSegment outcome)
          (let [segment ^BackupOutcome$BackedUpSegment outcome
                segments (inc segments)
                transactions (+ transactions (.transactionCount segment))]
            (if (up?)
              (write-json {:done false :segments segments :transactions transactions
                           :storedThroughT (dec (.endT (.range segment)))})
              (recur segments transactions)))
          (write-json {:done true :segments segments :transactions transactions}))))))

(defn- restore-options ^RestoreOptions [config up?]
  (let [listener (reify Progress$Listener
                   (progressed [_ _]
                     (when (up?) (throw (ex-info "the time is up" {::yield true})))))]
    (reduce (fn [^RestoreOptions options ident] (.excluding options (str ident)))
      (-> RestoreOptions/DEFAULTS
        (.withRetryPolicy retry-policy)
        (.withListener listener))
      (:exclude config))))

(defn restore-step
  "Restores what the target lacks, until nothing is new or the time is up: it ends between two
  transactions, after a few thousand datoms at least."
  [{:keys [context] :as arguments}]
  (let [config (configuration arguments)
        up? (time-is-up config context)
        library (cloning config)
        target (connect config :target :targetDb)
        options (restore-options config up?)
        step (fn []
               (try
                 (if (instance? RestoreOutcome$RestoredSegment
                       (.restoreSegment library (backup-name config) target options))
                   :more
                   :done)
                 (catch clojure.lang.ExceptionInfo yielding
                   (if (::yield (ex-data yielding)) :yield (throw yielding)))))
        end (loop [outcome (step)]
              (if (and (= :more outcome) (not (up?)))
                (recur (step))
                outcome))
        reached ^SourcePoint (.orElse (.restoredThrough library (backup-name config) target) nil)]
    (write-json {:done (= :done end)
                 :restoredThroughT (when reached (.t reached))})))

(defn- point [^Optional optional]
  (when-let [^SourcePoint known (.orElse optional nil)]
    {:t (.t known) :instant (.instant known)}))

(defn- lag [^Lag known]
  {:lagT (.t known) :lagSeconds (/ (.toMillis (.time known)) 1000.0)})

(defn status
  "How far the backup, and the target if there is one, is behind the source."
  [arguments]
  (let [config (configuration arguments)
        library (cloning config)
        source (connect config :source :db)
        ^BackupStatus known (if (:target config)
                              (.status library (backup-name config) source
                                (connect config :target :targetDb))
                              (.status library (backup-name config) source))
        gaps (.gaps known)
        target ^BackupStatus$TargetStatus (.orElse (.target known) nil)]
    (write-json
      (merge
        {:source (point (Optional/of (.source known)))
         :stored (point (.stored known))
         :gapCount (count gaps)
         :gaps (mapv (fn [^TxRange gap] {:firstT (.startT gap) :lastT (dec (.endT gap))})
                 (take gaps-listed-max gaps))}
        (lag (.lag known))
        (when target
          {:target (merge {:restored (point (.restored target))}
                     (lag (.get (.targetLag known))))})))))
