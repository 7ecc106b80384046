package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Partitions;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues.Question;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection.Selected;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Turns the datoms of a source transaction into the tx-data that makes Datomic log the same datoms
 * in the target. Each rule rests on a fact about Datomic ({@code docs/facts.adoc}). All methods are
 * pure: the ids and the present values that they need are settled before. Immutable, thread-safe.
 *
 * @param baseSchema the target's
 */
public record Translator(BaseSchema baseSchema, AttributeFilter filter) {
  public Selection select(Transaction transaction, Schema schema) {
    return new Selection(transaction, schema, baseSchema, filter);
  }

  public boolean isForeignBuiltIn(long entity, Schema schema) {
    Keyword builtIn = schema.builtIn(entity);
    return builtIn != null && baseSchema.id(builtIn) == null;
  }

  /** Whether a datom is of a composite of which the filters leave nothing. */
  public boolean isEmptyComposite(Datom datom, Schema schema) {
    Attribute attribute = schema.attribute(datom.a());
    return !filter.isEmpty()
        && attribute != null
        && attribute.isComposite()
        && Composite.isEmpty((List<?>) datom.v(), attribute, schema, filter);
  }

  public Partitions partitions(Schema schema, WorkingSet ids) {
    return new Partitions(new TargetLimits(baseSchema).isPro(), TargetLimits.isPro(schema), ids);
  }

  public NewEntities newEntities(Selection selection, WorkingSet ids) {
    return NewEntities.of(selection, terms(selection, ids), filter);
  }

  /** The questions about the target that {@link #translate} needs answers to; mostly none. */
  public List<Question> questions(Selection selection, WorkingSet ids) {
    List<Question> questions = new ArrayList<>();
    TargetTerms terms = terms(selection, ids);
    if (selection.hasComposites()) {
      for (Selected selected : selection.datoms()) {
        Attribute attribute = selected.attribute();
        if (attribute != null && attribute.isComposite()) {
          new Composite(selected.datom(), attribute, selection, terms, filter).ask(questions);
        }
      }
    }
    new MergeGuard(selection, terms, filter).ask(questions);
    return questions;
  }

  /**
   * Translates.
   *
   * @param present the answers to the {@link #questions} of the same selection and ids
   * @throws com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException when a
   *     rewrite redirects a reference, or makes two values of an entity equal
   */
  public Translation translate(Selection selection, WorkingSet ids, PresentValues present) {
    TargetTerms terms = terms(selection, ids);
    new MergeGuard(selection, terms, filter).check(present);
    List<Object> forms = new ArrayList<>(selection.datoms().size());
    List<List<?>> computed = new ArrayList<>();
    for (Selected selected : selection.datoms()) {
      Datom datom = selected.datom();
      Attribute attribute = selected.attribute();
      if (attribute != null && attribute.isComposite()) {
        computed.add((List<?>) datom.v());
        new Composite(datom, attribute, selection, terms, filter).touch(present, forms);
      } else {
        Object entity = terms.id(datom.e());
        Object attributeId = terms.attributeId(datom.a());
        Object value = terms.value(datom, attribute);
        forms.add(
            datom.added()
                ? TxData.add(entity, attributeId, value)
                : TxData.retract(entity, attributeId, value));
      }
    }
    if (!selection.isDated()) { // the first ones of the bootstrap
      forms.add(
          TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, TransactionDates.EPOCH));
    }
    return new Translation(
        forms,
        selection.logCount(),
        filter.isEmpty() ? computed : List.of(),
        !selection.refused().isEmpty());
  }

  /** The idents of unique attributes of which the transaction holds rewritten values. */
  public SortedSet<String> rewrittenUniques(Selection selection) {
    SortedSet<String> idents = new TreeSet<>();
    for (Selected selected : selection.datoms()) {
      Attribute attribute = selected.attribute();
      if (attribute != null && attribute.unique() != null && filter.rewrites(attribute.id())) {
        idents.add(attribute.ident().toString());
      }
    }
    return idents;
  }

  /** Whether two different values of a unique attribute may be rewritten to equal ones. */
  public boolean rewritesUnique(Attribute attribute) {
    return attribute.unique() != null && filter.mayMerge(attribute.id());
  }

  private TargetTerms terms(Selection selection, WorkingSet ids) {
    return new TargetTerms(selection, baseSchema, filter, ids);
  }
}
