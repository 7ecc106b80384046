package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a schema from the indexes of a database, instead of from its log. */
public final class SchemaReading {
  private SchemaReading() {}

  /**
   * The schema of a database right after {@code t}: all attributes, with every name that each ever
   * had.
   */
  public static Schema schemaAfter(long t, DatomicConnection connection) {
    View view = View.asOf(t);
    List<Datom> idents =
        read(connection, view.withHistory(), BuiltIns.IDENT).stream().filter(Datom::added).toList();
    Schema schema = new Schema();
    schema.learnBuiltIns(transaction(t, idents));
    List<Datom> properties = new ArrayList<>();
    for (Keyword property : Schema.PROPERTIES) {
      boolean isKnown = schema.builtIns().containsValue(property); // older databases lack the newer
      if (isKnown && !property.equals(BuiltIns.IDENT)) {
        properties.addAll(read(connection, view, property));
      }
    }
    schema.apply(transaction(t, properties));
    // Attributes first, then their names in the order of the log: the last bearer has a name.
    idents.stream()
        .collect(Collectors.groupingBy(Datom::tx, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(named -> schema.apply(transaction(t, named)));
    return schema;
  }

  /** The attributes that were unique at any t up to this one. */
  public static Set<Long> everUnique(long t, DatomicConnection connection) {
    return read(connection, View.asOf(t).withHistory(), BuiltIns.UNIQUE).stream()
        .map(Datom::e)
        .collect(Collectors.toSet());
  }

  private static Transaction transaction(long t, List<Datom> datoms) {
    return new Transaction(t, Transaction.entityId(t), datoms);
  }

  private static List<Datom> read(DatomicConnection connection, View view, Keyword attribute) {
    try (Stream<Datom> datoms = connection.datoms(view, Index.AEVT, attribute)) {
      return datoms.toList();
    }
  }
}
