;; Prints the class path of a deps.edn. Arguments: the file, and the local Maven repository to use.
(require '[clojure.java.io :as io]
         '[clojure.string :as string]
         '[clojure.tools.deps :as deps]
         '[clojure.tools.deps.util.dir :as dir])

(let [[file repository] *command-line-args*]
  (dir/with-dir (.getParentFile (.getAbsoluteFile (io/file file)))
    (println
      (string/join ":"
        (map #(str (dir/canonicalize (io/file %)))
          (:classpath-roots
            (deps/create-basis {:user nil :project file :extra {:mvn/local-repo repository}})))))))
(shutdown-agents)
