package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsageTest {

  private static Set<String> used(Datom... datoms) {
    return Logs.write(Logs.transaction(6, datoms)).info().builtInsUsed();
  }

  @Test
  void countsABuiltInAttribute() {
    assertThat(used()).containsExactly(":db/txInstant");
    assertThat(used(Logs.datom(6, Logs.ALICE, Logs.DOC, "x")))
        .containsExactlyInAnyOrder(":db/txInstant", ":db/doc");
  }

  @Test
  void countsAReferenceToABuiltIn() {
    assertThat(used(Logs.datom(6, Logs.ALICE, Logs.FRIEND, Logs.TYPE_STRING)))
        .contains(":db.type/string");
  }

  @Test
  void countsAReferenceInATuple() {
    assertThat(used(Logs.datom(6, Logs.ALICE, Logs.PAIR, Logs.tuple(Logs.DOC, Logs.TYPE_STRING))))
        .containsExactlyInAnyOrder(":db/txInstant", ":db.type/string");
    assertThat(used(Logs.datom(6, Logs.ALICE, Logs.PATH, Logs.tuple(null, Logs.DOC))))
        .containsExactlyInAnyOrder(":db/txInstant", ":db/doc");
  }

  @Test
  void doesNotCountANumberThatEqualsABuiltInsId() {
    assertThat(used(Logs.datom(6, Logs.ALICE, Logs.NAME, Logs.TYPE_STRING)))
        .containsExactly(":db/txInstant");
  }

  @Test
  void doesNotCountWhatDefinesABuiltIn() {
    assertThat(
            used(
                Logs.datom(6, 64, Logs.IDENT, Logs.keyword("db/late")),
                Logs.datom(6, 64, Logs.DOC, "x")))
        .containsExactly(":db/txInstant");
  }

  @Test
  void countsABuiltInThatAUserAttributeIsSaidOf() {
    assertThat(used(Logs.datom(6, Logs.NAME, Logs.DOC, "x"))).contains(":db/doc");
    assertThat(used(Logs.datom(6, Logs.TYPE_STRING, Logs.FRIEND, Logs.DOC))).contains(":db/doc");
  }

  @Test
  void followsTheSchemaAlongTheRun() {
    Transaction defining =
        Logs.transaction(6, Logs.datom(6, 64, Logs.IDENT, Logs.keyword("db/late")));
    Transaction using = Logs.transaction(7, Logs.datom(7, Logs.ALICE, 64, "x"));

    assertThat(Logs.write(defining, using).info().builtInsUsed())
        .containsExactlyInAnyOrder(":db/txInstant", ":db/late");
  }
}
