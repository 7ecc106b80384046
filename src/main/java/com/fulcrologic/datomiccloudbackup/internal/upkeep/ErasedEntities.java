package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.ValueText;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions.ErasedValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the entities to erase in a stored log: those named, those that ever had a value, and all
 * components of either. Reads the log once, and again as long as there are new components. Keeps
 * ids in memory; no value is in a message. Mutable; one thread.
 */
final class ErasedEntities {
  private final StoredBackup backup;
  private final Schema newest;
  private final Set<Long> found = new HashSet<>();
  private final Set<Long> components = new HashSet<>(); // attributes

  ErasedEntities(StoredBackup backup, Schema newest) {
    this.backup = backup;
    this.newest = newest;
  }

  Set<Long> find(CopyOptions options) {
    Set<Long> unknown = new HashSet<>(options.erasedEntities());
    List<Search> searches =
        options.erasedValues().stream().map(value -> new Search(value, newest)).toList();
    read(
        datom -> {
          unknown.remove(datom.e());
          searches.forEach(search -> search.look(datom));
          if (BuiltIns.IS_COMPONENT.equals(newest.builtIn(datom.a()))
              && Boolean.TRUE.equals(datom.v())) {
            components.add(datom.e());
          }
        });
    if (!unknown.isEmpty()) {
      throw refused(
          "entity " + unknown.iterator().next() + " has no datom in " + backup.location(),
          "give ids of the source, as a restored database keeps them in :"
              + "com.fulcrologic.datomic-cloud-backup.cloning/original-id");
    }
    found.addAll(options.erasedEntities());
    searches.forEach(search -> found.addAll(search.matches()));
    for (int before = -1; before != found.size() && !components.isEmpty(); ) {
      before = found.size();
      read(this::addComponent);
    }
    requireRoom(found);
    return found;
  }

  private void addComponent(Datom datom) {
    if (components.contains(datom.a())
        && found.contains(datom.e())
        && datom.v() instanceof Long component
        && Redaction.isErasable(component)) {
      found.add(component);
      requireRoom(found);
    }
  }

  private static void requireRoom(Set<Long> entities) {
    if (entities.size() > Redaction.ERASED_COUNT_MAX) {
      throw refused(
          "there are more than " + Redaction.ERASED_COUNT_MAX + " entities to erase",
          "erase fewer at once, or leave out whole attributes");
    }
  }

  private void read(Consumer<Datom> reader) {
    for (StoredSegment stored : backup.cover().inUse()) {
      TxRange range = stored.range();
      try (Stream<Transaction> transactions = backup.segment(range).typedTransactions()) {
        transactions.forEach(transaction -> transaction.datoms().forEach(reader));
      }
    }
  }

  private static InvalidConfigurationException refused(String what, String hint) {
    return new InvalidConfigurationException("Failed to set up the rules: " + what, hint);
  }

  /** Looks for the entities that ever had one value. */
  private static final class Search {
    private final ErasedValue value;
    private final List<ValueText> texts = new ArrayList<>();
    private final Set<Long> matches = new HashSet<>();

    Search(ErasedValue value, Schema newest) {
      this.value = value;
      Keyword ident = Edn.keyword(value.attribute());
      Optional<InvalidConfigurationException> unreadable = Optional.empty();
      for (Attribute attribute : newest.attributes()) {
        if (attribute.names().contains(ident)) {
          try {
            texts.add(ValueText.of(attribute, value.text()));
          } catch (InvalidConfigurationException ofAnotherType) {
            unreadable = Optional.of(ofAnotherType);
          }
        }
      }
      if (texts.isEmpty() && unreadable.isPresent()) {
        throw unreadable.get();
      }
    }

    void look(Datom datom) {
      for (ValueText text : texts) {
        if (text.isOf(datom)) {
          matches.add(datom.e());
          requireRoom(matches);
        }
      }
    }

    Set<Long> matches() {
      if (matches.isEmpty()) {
        throw refused(
            texts.isEmpty()
                ? "no attribute has ever been named " + value.attribute()
                : "no entity has ever had the value given for " + value.attribute(),
            "check the ident and the value; the value is compared as its type is written");
      }
      return matches;
    }
  }
}
