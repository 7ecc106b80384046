package com.fulcrologic.datomiccloudbackup.store;

import java.util.List;

/** Names for backups that every store has to keep. */
public final class ContractNames {
  private ContractNames() {}

  /** Names that file systems, shells and S3 trip over, twins side by side. */
  public static List<String> hostile() {
    return List.of(
        "../../etc/x",
        "a/b",
        "a//b",
        "/",
        "/etc",
        ".",
        "..",
        "...",
        ".tmp",
        "tmp",
        "a\\b",
        "C:",
        "\u0000",
        "a\u0000",
        "\n",
        " ",
        "a ",
        " a",
        "orders",
        "Orders",
        "ORDERS",
        "_",
        "__",
        "_4f",
        "_4frders",
        "O",
        "%2f",
        "%",
        "\u00e9",
        "e\u0301",
        "\u00c9",
        "\u212b",
        "\u00c5",
        "ſ",
        "s",
        "ß",
        "ss",
        "i",
        "ı",
        "İ",
        "I",
        "日本",
        "😀",
        "\ufffd",
        "\ufeffa",
        "a\u200b",
        "con",
        "nul",
        "segments",
        "claim",
        "-rf",
        "~",
        "a".repeat(240));
  }
}
