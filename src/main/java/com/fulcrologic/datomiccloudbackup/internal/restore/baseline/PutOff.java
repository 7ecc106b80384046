package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.fold.Spill;
import com.fulcrologic.datomiccloudbackup.internal.fold.SpilledDatoms;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Datoms that are sent only when all entities are there: references; the composites, each kind
 * after its attribute; and what speaks of a composite's attribute. In files. Mutable, one thread.
 */
final class PutOff implements AutoCloseable {
  private final Spill spill;
  private final StateReading reading;
  private final SchemaPart schema;
  private final Map<Long, SpilledDatoms.Writer> composites = new TreeMap<>();

  /** The entities to which the datoms refer. */
  final MentionedOnly mentioned;

  final SpilledDatoms.Writer references;
  final SpilledDatoms.Writer afterComposites;

  /** Those on a composite's attribute, or with an element that may be one. */
  final SpilledDatoms.Writer compositesOfLate;

  PutOff(Spill spill, StateReading reading, SchemaPart schema) {
    this.spill = spill;
    this.reading = reading;
    this.schema = schema;
    this.mentioned = new MentionedOnly(spill);
    this.references = new SpilledDatoms.Writer(spill);
    this.afterComposites = new SpilledDatoms.Writer(spill);
    this.compositesOfLate = new SpilledDatoms.Writer(spill);
  }

  void add(Datom datom) {
    if (reading.isComposite(datom)) {
      boolean isOfLate =
          isLate(datom.e())
              || ((List<?>) datom.v())
                  .stream().anyMatch(each -> each instanceof Long id && isLate(id));
      (isOfLate ? compositesOfLate : composites(datom.a())).add(datom);
      return;
    }
    List<Long> entities = reading.references(datom);
    mentioned.add(entities);
    boolean isLate = isLate(datom.e()) || entities.stream().anyMatch(this::isLate);
    (isLate ? afterComposites : references).add(datom);
  }

  /** Whether an entity is an attribute that is defined after all values. */
  private boolean isLate(long entity) {
    return schema.entities.contains(entity) && !schema.firstEntities.contains(entity);
  }

  SpilledDatoms.Writer composites(long attribute) {
    return composites.computeIfAbsent(attribute, id -> new SpilledDatoms.Writer(spill));
  }

  @Override
  public void close() {
    references.close();
    afterComposites.close();
    compositesOfLate.close();
    composites.values().forEach(SpilledDatoms.Writer::close);
  }
}
