;; Compiles namespaces of libraries for the runnable jar: Clojure would compile them at each start.
;; Arguments: the directory for the classes, then the namespaces. Prints nothing unless it fails. It
;; begins anew whenever the class path, Java, the namespaces or this file have changed, since leftovers
;; of another version would get into the jar.
(require '[clojure.java.io :as io])

(let [[directory & namespaces] *command-line-args*
      inputs-file (io/file (str directory ".inputs"))
      inputs (pr-str [(slurp *file*)
                      namespaces
                      (System/getProperty "java.version")
                      (System/getProperty "java.class.path")])]
  (when-not (and (.isDirectory (io/file directory))
                 (.exists inputs-file)
                 (= inputs (slurp inputs-file)))
    (io/delete-file inputs-file true)
    (run! io/delete-file (filter #(.exists %) (reverse (file-seq (io/file directory)))))
    (.mkdirs (io/file directory))
    (binding [*compile-path* directory]
      (run! (comp compile symbol) namespaces))
    (spit inputs-file inputs)))
(shutdown-agents)
