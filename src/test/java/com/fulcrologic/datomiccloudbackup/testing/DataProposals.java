package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.testing.WorldModel.Attribute;
import com.fulcrologic.datomiccloudbackup.testing.WorldModel.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Proposes data of all sorts, in a world's present schema. */
final class DataProposals {
  private static final List<Long> PARTITIONS = List.of(777L, 99L, 5L, 4L);

  private final WorldModel model;
  private final RandomValues values;

  DataProposals(WorldModel model, RandomValues values) {
    this.model = model;
    this.values = values;
  }

  /** One more thing to say. */
  void addTo(Proposal proposal) {
    switch (values.below(21)) {
      case 0, 1, 2, 3 -> newEntity(proposal);
      case 4, 5, 6 -> say(proposal, "update", entity(), 1 + values.below(2));
      case 7, 8 -> withFact(proposal, this::retract);
      case 9, 10 -> withFact(proposal, this::repeat);
      case 11, 12 -> withFact(proposal, this::move);
      case 13 -> retractEntity(proposal);
      case 14 -> say(proposal, "tx annotation", TxData.CURRENT_TRANSACTION, 1);
      case 15 -> say(proposal, "note on a past tx", values.oneOf(model.transactions), 1);
      case 16 -> say(proposal, "note on a built-in", values.oneOf(model.mentionable), 1);
      case 17 -> withFact(proposal, this::upsert);
      case 18 -> withFact(proposal, this::lookUp);
      case 19 -> withFact(proposal, this::compareAndSwap);
      default -> say(proposal, "raw entity", rawEntity(), 1);
    }
  }

  private interface OfFact {
    void propose(Proposal proposal, Fact fact, Attribute attribute);
  }

  private void withFact(Proposal proposal, OfFact making) {
    List<Fact> facts =
        model.present.stream().filter(fact -> model.attributes.containsKey(fact.a())).toList();
    boolean wantsUnique = values.oneIn(2);
    List<Fact> unique =
        facts.stream()
            .filter(fact -> Objects.requireNonNull(model.attributes.get(fact.a())).unique != null)
            .toList();
    List<Fact> choice = wantsUnique && !unique.isEmpty() ? unique : facts;
    if (!choice.isEmpty()) {
      Fact fact = values.oneOf(choice);
      making.propose(proposal, fact, Objects.requireNonNull(model.attributes.get(fact.a())));
    }
  }

  private void newEntity(Proposal proposal) {
    say(proposal, "new entity", proposal.newTempid(), 1 + values.below(4));
    if (values.oneIn(4)) {
      proposal.forms.add(
          TxData.add(
              proposal.tempids.get(proposal.tempids.size() - 1),
              Keyword.intern("db", "ident"),
              Keyword.intern("enum", "e" + values.below(99))));
      proposal.kinds.add("enum");
    }
  }

  /** Adds at least one value if it can. */
  private void say(Proposal proposal, String kind, Object entity, int count) {
    int said = 0;
    for (int attempt = 0; attempt < 10 && said < count; attempt++) {
      Attribute attribute = values.oneOf(model.attributes.values());
      // With a unique value of another entity, "datomic.tx" becomes that entity: its date, too.
      boolean upserts = attribute.unique != null && entity.equals(TxData.CURRENT_TRANSACTION);
      if (!attribute.isComposite() && !upserts && proposal.claims(entity, attribute)) {
        proposal.forms.add(TxData.add(entity, name(attribute), value(proposal, attribute)));
        proposal.kinds.add(attribute.type);
        said++;
      }
    }
    if (said == 0) {
      proposal.forms.add(TxData.add(entity, Keyword.intern("db", "doc"), "nothing else to say"));
    }
    proposal.kinds.add(kind);
  }

  private void retract(Proposal proposal, Fact fact, Attribute attribute) {
    if (!attribute.isComposite() && proposal.claims(fact.e(), attribute)) {
      proposal.forms.add(TxData.retract(fact.e(), name(attribute), fact.v()));
      proposal.kinds.add("retract");
    }
  }

  /** Adds nothing, but may touch a composite. */
  private void repeat(Proposal proposal, Fact fact, Attribute attribute) {
    if (!attribute.isComposite() && proposal.claims(fact.e(), attribute)) {
      proposal.forms.add(TxData.add(fact.e(), name(attribute), fact.v()));
      proposal.kinds.add("repeat");
    }
  }

  private void move(Proposal proposal, Fact fact, Attribute attribute) {
    Object heir =
        switch (values.below(4)) {
          case 0 -> rawEntity();
          case 1 -> proposal.newTempid();
          default -> entity();
        };
    // A tempid with a unique value of an entity among the schema becomes that entity, even if the
    // value is given away here. Datomic Local then leaves composites that contradict their
    // components, and no other transaction can do the same.
    boolean upserts = heir instanceof String && fact.e() >> Transaction.INDEX_BITS == 0;
    if (!attribute.isComposite()
        && !upserts
        && proposal.claims(fact.e(), attribute)
        && proposal.claims(heir, attribute)) {
      proposal.forms.add(TxData.retract(fact.e(), name(attribute), fact.v()));
      proposal.forms.add(TxData.add(heir, name(attribute), fact.v()));
      proposal.kinds.add(attribute.unique == null ? "move" : "unique move");
    } else if (heir instanceof String) {
      say(proposal, "new entity", heir, 1);
    }
  }

  private void retractEntity(Proposal proposal) {
    Object entity = values.oneIn(20) ? values.oneOf(model.attributes.keySet()) : entity();
    if (proposal.forms.isEmpty()) {
      proposal.forms.add(RT.vector(Keyword.intern("db", "retractEntity"), entity));
      proposal.kinds.add("retractEntity");
    }
  }

  private void upsert(Proposal proposal, Fact fact, Attribute attribute) {
    boolean isIdentity = attribute.unique != null && attribute.unique.getName().equals("identity");
    if (isIdentity && !attribute.isComposite() && proposal.claims(fact.e(), attribute)) {
      String tempid = proposal.newTempid();
      proposal.forms.add(TxData.add(tempid, name(attribute), fact.v()));
      say(proposal, "upsert", tempid, 1);
    }
  }

  private void lookUp(Proposal proposal, Fact fact, Attribute attribute) {
    if (attribute.unique != null && attribute.hasIdent && !attribute.isComposite()) {
      say(proposal, "lookup", TxData.lookupRef(attribute.name(), fact.v()), 1);
    }
  }

  private void compareAndSwap(Proposal proposal, Fact fact, Attribute attribute) {
    if (!attribute.isComposite() && !attribute.many && proposal.claims(fact.e(), attribute)) {
      proposal.forms.add(
          TxData.compareAndSwap(fact.e(), name(attribute), fact.v(), value(proposal, attribute)));
      proposal.kinds.add("cas");
    }
  }

  /** The attribute, by its id, its name, or a name that it had. */
  private Object name(Attribute attribute) {
    if (!attribute.hasIdent || values.oneIn(3)) {
      return attribute.id;
    }
    return attribute.name();
  }

  /** Datomic takes NaN for any number, so that it breaks the order of a unique attribute. */
  private Object value(Proposal proposal, Attribute attribute) {
    Object value = anyValue(proposal, attribute);
    while (attribute.unique != null && value.toString().contains("NaN")) {
      value = anyValue(proposal, attribute);
    }
    return value;
  }

  private Object anyValue(Proposal proposal, Attribute attribute) {
    if (attribute.type.equals("ref")) {
      return reference(proposal);
    }
    if (!attribute.type.equals("tuple")) {
      return values.scalar(attribute.type);
    }
    List<@Nullable Object> elements = new ArrayList<>();
    if (attribute.tupleType != null) {
      for (int i = 2 + values.below(7); i > 0; i--) {
        elements.add(element(proposal, attribute.tupleType));
      }
    } else {
      attribute.tupleTypes.forEach(type -> elements.add(element(proposal, (Keyword) type)));
    }
    return PersistentVector.create(elements);
  }

  private @Nullable Object element(Proposal proposal, Keyword type) {
    if (values.oneIn(5)) {
      return null;
    }
    return type.getName().equals("ref") ? reference(proposal) : values.scalar(type.getName());
  }

  private Object reference(Proposal proposal) {
    return switch (values.below(12)) {
      case 0 -> values.oneOf(model.attributes.keySet());
      case 1 -> values.oneOf(model.mentionable);
      case 2 -> TxData.CURRENT_TRANSACTION;
      case 3 -> values.oneOf(model.transactions);
      case 4 -> Transaction.entityId(values.below(6));
      case 5 -> rawEntity();
      case 6 -> (888L << Transaction.INDEX_BITS) + values.below(1_000_000);
      case 7 -> model.idents.isEmpty() ? entity() : values.oneOf(model.idents.keySet());
      case 8, 9 -> proposal.tempids.isEmpty() ? entity() : values.oneOf(proposal.tempids);
      default -> entity();
    };
  }

  private Object entity() {
    return values.oneOf(model.entities);
  }

  private Long rawEntity() {
    return (values.oneOf(PARTITIONS) << Transaction.INDEX_BITS) + 1 + values.below(80);
  }
}
