package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.ExceptionInfo;
import clojure.lang.Keyword;
import clojure.lang.RT;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnomaliesTest {
  @Test
  void aClientWithoutAnOperationDoesNotSupportIt() {
    Supplier<Object> missing =
        () -> {
          throw new AbstractMethodError("index_range");
        };
    for (boolean isRemote : List.of(true, false)) {
      assertThat(thrown(isRemote, missing)).isEqualTo(Anomaly.UNSUPPORTED);
    }
  }

  @Test
  void aRemoteSystemThatDoesNotExplainItselfIsUnavailable() {
    Supplier<Object> closed =
        () -> {
          throw new IllegalStateException("Client is closed");
        };
    assertThat(thrown(true, closed)).isEqualTo(Anomaly.UNAVAILABLE);
    assertThat(thrown(false, closed)).isEqualTo(Anomaly.FAULT);
  }

  @Test
  void whatDatomicExplainsIsWhatItSays() {
    for (boolean isRemote : List.of(true, false)) {
      assertThat(thrown(isRemote, () -> refuse("fault", "db.error/no-such-tx")))
          .isEqualTo(Anomaly.FAULT);
      assertThat(thrown(isRemote, () -> refuse("conflict", "db.error/cas-failed")))
          .isEqualTo(Anomaly.CONFLICT);
      assertThat(thrown(isRemote, () -> refuse("busy", null))).isEqualTo(Anomaly.BUSY);
    }
  }

  /** As the peer library of Datomic Pro throws them: without a category, or with a wrong one. */
  @Test
  void errorsOfThePeerMeanWhatACallerCanDo() {
    Map<String, Anomaly> meanings =
        Map.of(
            "transaction-timeout", Anomaly.UNAVAILABLE,
            "peer-queue-exceeded", Anomaly.BUSY,
            "db-not-found", Anomaly.NOT_FOUND,
            "read-transactor-location-failed", Anomaly.UNAVAILABLE,
            "connection-released", Anomaly.CONFLICT);
    meanings.forEach(
        (error, anomaly) -> {
          for (String category : new String[] {"incorrect", "none"}) {
            Supplier<Object> call = () -> refuse(category, "db.error/" + error);
            assertThat(thrown(false, call)).as(error).isEqualTo(anomaly);
          }
        });
    Supplier<Object> refused =
        () -> {
          throw new IllegalStateException(new ExecutionException(new ConnectException("refused")));
        };
    assertThat(thrown(false, refused)).isEqualTo(Anomaly.UNAVAILABLE);
  }

  @Test
  void anErrorOfTheMachineIsNoAnomaly() {
    assertThatThrownBy(
            () ->
                Anomalies.guardRemote(
                    "read",
                    () -> {
                      throw new OutOfMemoryError("of this test");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  private static Object refuse(String category, @Nullable String error) {
    throw new ExceptionInfo(
        "refused",
        RT.map(
            Keyword.intern("cognitect.anomalies", "category"),
            category.equals("none") ? null : Keyword.intern("cognitect.anomalies", category),
            Keyword.intern("db", "error"),
            error == null ? null : Keyword.intern(error)));
  }

  private static Anomaly thrown(boolean isRemote, Supplier<Object> call) {
    try {
      Object unused =
          isRemote ? Anomalies.guardRemote("read", call) : Anomalies.guard("read", call);
      throw new AssertionError("nothing was thrown: " + unused);
    } catch (AnomalyException anomaly) {
      return anomaly.anomaly();
    }
  }
}
