package com.fulcrologic.datomiccloudbackup.internal.restore;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns the datoms of a source transaction into the tx-data that makes Datomic log the same datoms
 * in the target. Each rule rests on a fact about Datomic ({@code docs/facts.adoc}). One thread.
 */
final class Translator {
  /** What a user may say of a built-in, by a sweep over all that there are [Local 1.0.291]. */
  private static final Set<Keyword> SETTABLE =
      Set.of(
          BuiltIns.NO_HISTORY,
          BuiltIns.IS_COMPONENT,
          BuiltIns.UNIQUE,
          BuiltIns.DOC,
          BuiltIns.FULLTEXT,
          BuiltIns.FRESSIAN_TAG,
          BuiltIns.SYSTEM_TX,
          BuiltIns.TX_INSTANT,
          BuiltIns.ATTR_PREDS,
          BuiltIns.INSTALL_PARTITION,
          BuiltIns.INSTALL_VALUE_TYPE,
          BuiltIns.ENTITY_ATTRS,
          BuiltIns.ENTITY_PREDS);

  private static final long FIRST_USER_PARTITION = 4;

  private final BaseSchema baseSchema;
  private final AttributeFilter filter;
  private final Presence presence;
  private final MergedValues mergedValues;

  /**
   * @param baseSchema the target's
   * @param mergedValues of the same filter
   */
  Translator(
      BaseSchema baseSchema, AttributeFilter filter, Presence presence, MergedValues mergedValues) {
    this.baseSchema = baseSchema;
    this.filter = filter;
    this.presence = presence;
    this.mergedValues = mergedValues;
  }

  /**
   * Whether there may be another value that Datomic takes for the same: 1.0M and 1.00M, 0.0 and
   * -0.0, a BigInt and a BigInteger, URIs that differ in the case of their scheme, host or escapes;
   * and NaN it takes for any double or float.
   */
  private static boolean hasTwins(@Nullable Object value) {
    return value instanceof BigDecimal
        || value instanceof BigInt
        || value instanceof BigInteger
        || value instanceof Double
        || value instanceof Float
        || value instanceof URI;
  }

  /**
   * Translates.
   *
   * @param schema the source's, as of before the transaction, but with the built-ins that the
   *     transaction itself brings
   */
  Translation translate(Transaction transaction, Schema schema, WorkingSet workingSet) {
    return new Pass(transaction, schema, workingSet).run();
  }

  /** Told that the transaction is in the target. */
  void restored(Transaction transaction) {
    mergedValues.restored(transaction);
  }

  /** One transaction on its way. */
  private final class Pass {
    private final Transaction transaction;
    private final Schema schema;
    private final WorkingSet workingSet;
    private final TargetIds ids;
    private final List<Object> forms = new ArrayList<>();
    private final NewIds amongSchema = new NewIds();
    private final NewIds toBeMadeBefore = new NewIds();
    private final SortedSet<String> rewrittenUniques = new TreeSet<>();
    private final TransactionShape shape;
    private final Set<Datom> superfluous;
    private int datomCount;
    private final List<List<?>> composites = new ArrayList<>();
    private boolean isForetold;
    private boolean leavesOut;
    private boolean dated;

    Pass(Transaction transaction, Schema schema, WorkingSet workingSet) {
      this.transaction = transaction;
      this.schema = schema;
      this.workingSet = workingSet;
      this.ids = new TargetIds(transaction, schema, baseSchema, workingSet);
      this.shape = new TransactionShape(transaction, schema);
      this.superfluous = mergedValues.superfluous(transaction, schema);
      this.isForetold = filter.isEmpty() && !shape.isBootstrap();
    }

    Translation run() {
      for (Datom datom : transaction.datoms()) {
        translate(datom);
      }
      if (!dated) { // the bootstrap's first ones
        forms.add(TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, Installation.EPOCH));
      }
      return new Translation(
          forms,
          ids.newIds(),
          amongSchema,
          toBeMadeBefore,
          new Forecast(
              isForetold ? OptionalInt.of(datomCount) : OptionalInt.empty(),
              filter.isEmpty() ? composites : List.of(),
              leavesOut),
          rewrittenUniques);
    }

    private void translate(Datom datom) {
      Keyword builtInAttribute = schema.builtIn(datom.a());
      Attribute attribute = schema.attribute(datom.a());
      if (isOurs(datom, attribute) || filter.excludes(datom.a())) {
        return;
      }
      if (builtInAttribute != null && isDatomicsOwn(datom, builtInAttribute)) {
        foretell(datom, builtInAttribute);
        return;
      }
      if (builtInAttribute != null && isUnsayable(datom.e(), builtInAttribute)) {
        leavesOut = true;
        return;
      }
      datomCount++; // whether it is sent, or follows from what is
      if (attribute != null && attribute.isComposite()) {
        touchComponent(datom, attribute);
        return;
      }
      if (!datom.added() && shape.isReplaced(datom)) {
        return;
      }
      dated |= datom.e() == transaction.tx() && BuiltIns.TX_INSTANT.equals(builtInAttribute);
      send(datom, attribute);
    }

    /** An earlier restore's bookkeeping, if the source is itself a restored database. */
    private boolean isOurs(Datom datom, @Nullable Attribute attribute) {
      if (attribute != null && Bookkeeping.isBookkeeping(attribute.ident())) {
        return true;
      }
      return isBookkeeping(datom.e()) || shape.isClaim(datom);
    }

    private boolean isBookkeeping(long entity) {
      Attribute described = schema.attribute(entity);
      return (described != null && Bookkeeping.isBookkeeping(described.ident()))
          || shape.definesBookkeeping(entity);
    }

    /** What Datomic says, or will say by itself, in the target. */
    private boolean isDatomicsOwn(Datom datom, Keyword attribute) {
      if (attribute.equals(BuiltIns.ENSURE)) {
        return true; // virtual; older Clouds logged it
      }
      Keyword entity = schema.builtIn(datom.e());
      if (entity == null) {
        return false;
      }
      if (attribute.equals(BuiltIns.INSTALL_ATTRIBUTE)
          || attribute.equals(BuiltIns.ALTER_ATTRIBUTE)) {
        return true;
      }
      if (isInstallation(attribute)) {
        return datom.v() instanceof Long installed && isDatomicsOwn(entity, attribute, installed);
      }
      if (shape.isBootstrap() || shape.definesBuiltIn(datom.e())) {
        return true;
      }
      Attribute described = schema.attribute(datom.a());
      boolean isMany = described != null && described.many();
      return isMany
          ? baseSchema.states(entity, attribute, datom.v())
          : baseSchema.states(entity, attribute);
    }

    /** Of partitions and value types, the ones that every database has. */
    private boolean isDatomicsOwn(Keyword entity, Keyword attribute, long installed) {
      Keyword builtIn = schema.builtIn(installed);
      return builtIn != null
          && (shape.isBootstrap()
              || shape.definesBuiltIn(installed)
              || baseSchema.states(entity, attribute, builtIn));
    }

    private boolean isInstallation(Keyword attribute) {
      return attribute.equals(BuiltIns.INSTALL_PARTITION)
          || attribute.equals(BuiltIns.INSTALL_VALUE_TYPE);
    }

    /** What a user says of a built-in that the target lacks, or that it does not take. */
    private boolean isUnsayable(long id, Keyword attribute) {
      Keyword entity = schema.builtIn(id);
      return entity != null
          && (!SETTABLE.contains(attribute)
              || baseSchema.id(entity) == null
              || baseSchema.id(attribute) == null);
    }

    /** What Datomic will say by itself; of its own schema, that depends on the target's. */
    private void foretell(Datom datom, Keyword builtInAttribute) {
      if (builtInAttribute.equals(BuiltIns.ENSURE)) {
        return;
      }
      boolean isOfSchema =
          builtInAttribute.equals(BuiltIns.INSTALL_ATTRIBUTE)
              || builtInAttribute.equals(BuiltIns.ALTER_ATTRIBUTE);
      if (isOfSchema && datom.v() instanceof Long user && schema.builtIn(user) == null) {
        datomCount++;
      } else {
        isForetold = false;
      }
    }

    private void send(Datom datom, @Nullable Attribute attribute) {
      Object entity = ids.of(datom.e());
      Object attributeId = ids.ofAttribute(datom.a());
      if (superfluous.contains(datom)) {
        return;
      }
      noteReferences(datom, attribute);
      Object value = value(datom, attribute);
      if (!datom.added()) {
        forms.add(TxData.retract(entity, attributeId, value));
        return;
      }
      forms.add(TxData.add(entity, attributeId, value));
      if (attribute != null && attribute.unique() != null) {
        noteUnique(datom, attribute);
      }
    }

    /**
     * Under a tempid, Datomic would take a new entity for the one that has, or had, its unique
     * value: the value moves within this transaction, or a rewrite has made two values equal.
     */
    private void noteUnique(Datom datom, Attribute attribute) {
      boolean isRewritten = filter.rewrites(attribute.id());
      if (isRewritten) {
        rewrittenUniques.add(attribute.ident().toString());
      }
      if (isRewritten || shape.retractsFrom(attribute)) {
        makeBefore(datom.e());
      }
    }

    /**
     * Datomic makes a new entity in the partition of the one that refers to it. Among the schema
     * that is refused, and among the transactions it can be taken for one of them; so such an
     * entity is made before.
     */
    private void noteReferences(Datom datom, @Nullable Attribute attribute) {
      long partition = datom.e() >> Transaction.INDEX_BITS;
      if (attribute == null || partition >= FIRST_USER_PARTITION) {
        return;
      }
      if (attribute.isRef()) {
        makeBefore((Long) datom.v());
      } else if (attribute.hasRefElements()) {
        List<?> elements = (List<?>) datom.v();
        for (int i = 0; i < elements.size(); i++) {
          if (elements.get(i) instanceof Long id && attribute.isRefElement(i)) {
            makeBefore(id);
          }
        }
      }
    }

    private void makeBefore(long source) {
      if (!ids.isNew(source)) {
        return;
      }
      if (Transaction.isAmongSchema(source)) {
        amongSchema.add(source); // it is an attribute, or may become one: made there, or never
      } else {
        toBeMadeBefore.add(source);
      }
    }

    /**
     * Composite values are computed by Datomic. Where the transaction says nothing of a component,
     * it touched one without changing it, and touching it again gives the composite again.
     */
    private void touchComponent(Datom datom, Attribute composite) {
      if (!datom.added()) {
        return;
      }
      List<?> values = (List<?>) datom.v();
      composites.add(values);
      if (!shape.touchesComponent(datom.e(), composite)) {
        int best =
            shape.componentToTouch(
                datom.e(),
                composite,
                values,
                filter::excludes,
                other -> isPresent(datom.e(), other));
        if (best >= 0) {
          touch(datom.e(), composite, values, best);
        }
      }
      for (int i = 0; i < values.size(); i++) {
        if (hasTwins(values.get(i))) {
          touchFreely(datom.e(), composite, values, i);
        }
        touchReplaced(datom.e(), composite, values, i);
      }
    }

    /**
     * Of an entity among the schema, Datomic Local takes two values of one attribute at once: the
     * datom gets one of them, and the composite the present one that was asserted again.
     */
    private void touchReplaced(long entity, Attribute composite, List<?> values, int index) {
      Attribute component = schema.attributeNamed(composite.tupleAttrs().get(index));
      if (component != null
          && Transaction.isAmongSchema(entity)
          && !filter.excludes(component.id())
          && shape.retracts(entity, component.id(), values.get(index))) {
        touch(entity, composite, values, index);
      }
    }

    /**
     * To assert a value that Datomic takes for the present one changes nothing but the composites,
     * which hold the new one.
     */
    private void touchFreely(long entity, Attribute composite, List<?> values, int index) {
      Attribute component = schema.attributeNamed(composite.tupleAttrs().get(index));
      if (component != null
          && !filter.excludes(component.id())
          && shape.isFreeToTouch(entity, component, other -> isPresent(entity, other))) {
        if (component.unique() != null) {
          repeatPresent(entity, component, values.get(index));
        }
        touch(entity, composite, values, index);
      }
    }

    /**
     * Datomic takes a twin of a unique value for another entity's, and refuses it, unless the
     * present value comes before.
     */
    private void repeatPresent(long entity, Attribute component, Object twin) {
      presence
          .value(ids.of(entity), component.id(), workingSet)
          .filter(present -> !present.equals(twin))
          .ifPresent(
              present ->
                  forms.add(TxData.add(ids.of(entity), ids.ofAttribute(component.id()), present)));
    }

    private boolean isPresent(long entity, long attribute) {
      return presence.has(ids.of(entity), attribute, workingSet);
    }

    private void touch(long entity, Attribute composite, List<?> values, int index) {
      Attribute component = schema.attributeNamed(composite.tupleAttrs().get(index));
      Object element = values.get(index);
      if (component != null && element != null) {
        forms.add(
            TxData.add(
                ids.of(entity),
                ids.ofAttribute(component.id()),
                component.isRef()
                    ? ids.of((Long) element)
                    : filter.rewrite(component.id(), element)));
      }
    }

    private Object value(Datom datom, @Nullable Attribute attribute) {
      if (attribute == null) {
        return datom.v();
      }
      if (attribute.isRef()) {
        return ids.of((Long) datom.v());
      }
      Object value = TypedValues.typed(datom.v(), attribute, schema);
      Object rewritten = filter.rewrite(attribute.id(), value);
      Object filtered = datom.added() ? rewritten : mergedValues.held(datom, rewritten);
      return attribute.hasRefElements()
          ? tuple((List<?>) value, (List<?>) filtered, attribute)
          : filtered;
    }

    /** A rewrite may leave a reference out, but not point it elsewhere. */
    private Object tuple(List<?> source, List<?> elements, Attribute attribute) {
      List<@Nullable Object> mapped = new ArrayList<>(elements.size());
      for (int i = 0; i < elements.size(); i++) {
        Object element = elements.get(i);
        if (element != null && attribute.isRefElement(i)) {
          if (i >= source.size() || !element.equals(source.get(i))) {
            throw AttributeFilter.redirects(attribute, transaction.t());
          }
          mapped.add(ids.of((Long) element));
        } else {
          mapped.add(element);
        }
      }
      return PersistentVector.create(mapped);
    }
  }
}
