package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.testing.WorldModel.Attribute;
import java.util.ArrayList;
import java.util.List;

/** Proposes new attributes, and changes to those there are. */
final class SchemaProposals {
  private static final List<String> SETTINGS = List.of("noHistory", "isComponent");

  private final WorldModel model;
  private final RandomValues values;
  private int nameCount;

  SchemaProposals(WorldModel model, RandomValues values) {
    this.model = model;
    this.values = values;
  }

  /** One more change. */
  void addTo(Proposal proposal) {
    Attribute attribute = values.oneOf(model.attributes.values());
    switch (values.below(22)) {
      case 0, 1 -> newAttribute(proposal);
      case 2, 3, 4 -> newComposite(proposal);
      case 5, 6 -> cardinality(proposal, attribute);
      case 7, 8 -> uniqueness(proposal, attribute);
      case 9, 10 -> rename(proposal, attribute);
      case 11, 12 -> reuse(proposal, attribute);
      case 13 -> doc(proposal, attribute);
      case 14 -> setting(proposal, attribute.id, "toggle");
      case 15 -> retractIdent(proposal, attribute);
      case 16 -> partition(proposal);
      case 17 -> builtIn(proposal);
      case 18 -> swapIdents(proposal, attribute);
      case 19 -> valueType(proposal);
      case 20 -> builtIn(proposal);
      default -> predicate(proposal, attribute);
    }
  }

  /** An attribute of any type but composite. */
  void newAttribute(Proposal proposal) {
    String entity = proposal.newTempid();
    boolean isOfUserType = !model.userTypes.isEmpty() && values.oneIn(4);
    int type = values.below(RandomValues.SCALAR_TYPES.size() + 8);
    Keyword ident = values.oneIn(4) && !model.idle.isEmpty() ? values.oneOf(model.idle) : newName();
    property(proposal, entity, "ident", ident);
    property(
        proposal, entity, "cardinality", value("cardinality", values.oneIn(3) ? "many" : "one"));
    if (isOfUserType) {
      property(proposal, entity, "valueType", values.oneOf(model.userTypes.keySet()));
      proposal.kinds.add("of a user's value type");
    } else if (type < RandomValues.SCALAR_TYPES.size()) {
      property(proposal, entity, "valueType", value("type", RandomValues.SCALAR_TYPES.get(type)));
      if (type != 1 && values.oneIn(3)) {
        property(proposal, entity, "unique", value("unique", uniqueKind()));
      }
    } else if (type < RandomValues.SCALAR_TYPES.size() + 4) {
      property(proposal, entity, "valueType", value("type", "ref"));
      if (values.oneIn(2)) {
        property(proposal, entity, "isComponent", true);
      }
    } else {
      property(proposal, entity, "valueType", value("type", "tuple"));
      tuple(proposal, entity);
    }
    if (values.oneIn(6)) {
      property(proposal, entity, "noHistory", true);
    }
    if (values.oneIn(3)) {
      property(proposal, entity, "doc", "doc " + nameCount);
    }
    proposal.kinds.add("new attribute");
  }

  private void tuple(Proposal proposal, String entity) {
    if (values.oneIn(2)) {
      property(proposal, entity, "tupleType", elementType());
      proposal.kinds.add("homogeneous");
    } else {
      List<Object> types = new ArrayList<>();
      for (int i = 2 + values.below(7); i > 0; i--) {
        types.add(elementType());
      }
      property(proposal, entity, "tupleTypes", PersistentVector.create(types));
      proposal.kinds.add("heterogeneous");
    }
    if (values.oneIn(5)) {
      property(proposal, entity, "unique", value("unique", uniqueKind()));
    }
  }

  private Keyword elementType() {
    return value("type", values.oneIn(3) ? "ref" : values.oneOf(RandomValues.SCALAR_TYPES));
  }

  private void newComposite(Proposal proposal) {
    List<Object> components = new ArrayList<>();
    List<Attribute> fit =
        model.attributes.values().stream()
            .filter(each -> !each.many && each.hasIdent && !each.type.equals("tuple"))
            .toList();
    if (fit.size() < 2) {
      return;
    }
    for (int i = 2 + values.below(3); i > 0; i--) {
      Keyword component = values.oneOf(fit).name();
      if (!components.contains(component)) {
        components.add(component);
      }
    }
    if (components.size() < 2) {
      return;
    }
    String entity = proposal.newTempid();
    property(proposal, entity, "ident", newName());
    property(proposal, entity, "cardinality", value("cardinality", "one"));
    property(proposal, entity, "valueType", value("type", "tuple"));
    property(proposal, entity, "tupleAttrs", PersistentVector.create(components));
    if (values.oneIn(4)) {
      property(proposal, entity, "unique", value("unique", uniqueKind()));
    }
    proposal.kinds.add("composite");
  }

  private void cardinality(Proposal proposal, Attribute attribute) {
    String next = attribute.many ? "one" : "many";
    property(proposal, attribute.id, "cardinality", value("cardinality", next));
    proposal.kinds.add("cardinality to " + next);
  }

  private void uniqueness(Proposal proposal, Attribute attribute) {
    if (attribute.unique != null && values.oneIn(2)) {
      proposal.forms.add(
          TxData.retract(attribute.id, Keyword.intern("db", "unique"), attribute.unique));
      proposal.kinds.add("unique no more");
    } else {
      property(proposal, attribute.id, "unique", value("unique", uniqueKind()));
      proposal.kinds.add("unique from now");
    }
  }

  private void rename(Proposal proposal, Attribute attribute) {
    property(proposal, attribute.id, "ident", newName());
    proposal.kinds.add("rename");
  }

  private void reuse(Proposal proposal, Attribute attribute) {
    if (!model.idle.isEmpty()) {
      Object entity = values.oneIn(2) ? attribute.id : proposal.newTempid();
      property(proposal, entity, "ident", values.oneOf(model.idle));
      proposal.kinds.add("reuse of an ident");
    }
  }

  private void swapIdents(Proposal proposal, Attribute attribute) {
    Attribute other = values.oneOf(model.attributes.values());
    if (attribute.hasIdent && other.hasIdent && attribute.id != other.id) {
      property(proposal, attribute.id, "ident", newName());
      property(proposal, other.id, "ident", attribute.name());
      proposal.kinds.add("ident handed on");
    }
  }

  private void doc(Proposal proposal, Attribute attribute) {
    property(proposal, attribute.id, "doc", "doc " + values.below(5));
    proposal.kinds.add("doc");
  }

  private void setting(Proposal proposal, Object entity, String kind) {
    property(proposal, entity, values.oneOf(SETTINGS), values.oneIn(2));
    proposal.kinds.add(kind);
  }

  private void retractIdent(Proposal proposal, Attribute attribute) {
    if (attribute.hasIdent) {
      proposal.forms.add(
          TxData.retract(attribute.id, Keyword.intern("db", "ident"), attribute.name()));
      proposal.kinds.add("retracted ident");
    }
  }

  private void partition(Proposal proposal) {
    String entity = proposal.newTempid();
    property(proposal, entity, "ident", newName());
    proposal.forms.add(
        TxData.add(
            Keyword.intern("db.part", "db"), Keyword.intern("db.install", "partition"), entity));
    proposal.kinds.add("partition");
  }

  private void builtIn(Proposal proposal) {
    Long entity = values.oneOf(model.mentionable);
    switch (values.below(10)) {
      case 0, 1, 2 -> setting(proposal, entity, "built-in set");
      case 3 -> property(proposal, entity, "doc", "mine");
      case 4 -> property(proposal, entity, "fulltext", false);
      case 5 -> property(proposal, entity, "txInstant", values.scalar("instant"));
      case 6 -> property(proposal, entity, "system-tx", values.scalar("keyword"));
      case 7 -> said(proposal, entity, "fressian", "tag", values.scalar("keyword"));
      case 8 -> said(proposal, entity, "db.entity", "attrs", values.scalar("keyword"));
      default -> said(proposal, entity, "db.entity", "preds", values.scalar("symbol"));
    }
    proposal.kinds.add("word on a built-in");
  }

  private void valueType(Proposal proposal) {
    String entity = proposal.newTempid();
    property(proposal, entity, "ident", newName());
    Keyword tag = Keyword.intern(values.oneOf(RandomValues.TYPES_BY_TAG.keySet()));
    said(proposal, entity, "fressian", "tag", tag);
    proposal.forms.add(
        TxData.add(
            Keyword.intern("db.part", "db"), Keyword.intern("db.install", "valueType"), entity));
    proposal.kinds.add("value type");
  }

  private static void said(
      Proposal proposal, Object entity, String namespace, String name, Object value) {
    proposal.forms.add(TxData.add(entity, Keyword.intern(namespace, name), value));
  }

  private void predicate(Proposal proposal, Attribute attribute) {
    proposal.forms.add(
        TxData.add(
            attribute.id,
            Keyword.intern("db.attr", "preds"),
            Symbol.intern("clojure.core", values.oneIn(2) ? "some?" : "boolean")));
    proposal.kinds.add("predicate");
  }

  private Keyword newName() {
    nameCount++;
    return Keyword.intern(values.oneIn(10) ? "db.mine" : "w", "a" + nameCount);
  }

  private String uniqueKind() {
    return values.oneIn(2) ? "value" : "identity";
  }

  private static Keyword value(String namespace, String name) {
    return Keyword.intern("db." + namespace, name);
  }

  private static void property(Proposal proposal, Object entity, String name, Object value) {
    said(proposal, entity, "db", name, value);
  }
}
