package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects transactions, in order, into the bytes of one segment. Keeps them compressed, so memory
 * is that of the segment and of one transaction. Mutable, one thread.
 */
public final class SegmentWriter {
  /** Bytes of a segment's transactions before compression: 16 MiB. */
  public static final long CONTENT_SIZE_MAX_DEFAULT = 16L << 20;

  private final SourceIdentity source;
  private final Schema schemaAtStart;
  private final long startT;
  private final OptionalLong previousT;
  private final long contentSizeMax;
  private final Usage usage;
  private final TransactionEncoder encoder = new TransactionEncoder();
  private final MessageDigest contentHash = Sha256.digest();
  private final ByteSink stored = new ByteSink(Integer.MAX_VALUE - 8);
  private final Gzip gzip;
  private long contentSize;
  private int transactionCount;
  private long datomCount;
  private long firstT;
  private long lastT;
  private @Nullable Transaction last;
  private boolean prefixStored;
  private Set<String> redactedBy = Set.of();
  private boolean finished;

  /**
   * @param source the database that the transactions come from
   * @param schemaAtStart its schema right before the first transaction; copied
   * @param startT the start of the range, as asked for; the first transaction may come later
   * @param previousT the t that precedes the first transaction in the log; empty at the log's
   *     beginning
   * @param contentSizeMax the bytes of all transactions, before compression, at most; one
   *     transaction may be larger, and is then alone; from 1 to 1 GiB
   */
  public SegmentWriter(
      SourceIdentity source,
      Schema schemaAtStart,
      long startT,
      OptionalLong previousT,
      long contentSizeMax) {
    if (startT < 0 || (previousT.isPresent() && previousT.getAsLong() >= startT)) {
      throw new IllegalArgumentException("startT must be after previousT, and not negative");
    }
    if (contentSizeMax < 1 || contentSizeMax > Limits.CONTENT_SIZE_MAX) {
      throw new IllegalArgumentException("contentSizeMax must be from 1 to 1 GiB");
    }
    this.source = source;
    this.schemaAtStart = schemaAtStart.copy();
    this.startT = startT;
    this.previousT = previousT;
    this.contentSizeMax = contentSizeMax;
    this.usage = new Usage(schemaAtStart);
    try {
      this.gzip = new Gzip(stored, Gzip.LEVEL);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Adds the next transaction, unless the segment is full.
   *
   * @return false, with nothing added, when the segment holds one already and this one would exceed
   *     the byte bound
   */
  public boolean add(Transaction transaction) {
    requireUnfinished();
    if (transaction.t() < startT || (!isEmpty() && transaction.t() <= lastT)) {
      throw new IllegalArgumentException(
          "transaction t " + transaction.t() + " is out of order in a segment from t " + startT);
    }
    encoder.encode(transaction);
    if (!isEmpty() && contentSize + encoder.size() > contentSizeMax) {
      return false;
    }
    append(encoder.bytes(), encoder.size());
    usage.add(transaction);
    firstT = isEmpty() ? transaction.t() : firstT;
    lastT = transaction.t();
    last = transaction;
    transactionCount++;
    datomCount += transaction.datoms().size();
    return true;
  }

  /**
   * States that every transaction before this segment is stored when the segment is published. The
   * caller makes sure that it is.
   */
  public SegmentWriter statingPrefixStored() {
    prefixStored = true;
    return this;
  }

  public SegmentWriter redactedBy(Set<String> ruleIds) {
    redactedBy = ruleIds;
    return this;
  }

  private void append(byte[] bytes, int size) {
    contentHash.update(bytes, 0, size);
    contentSize += size;
    try {
      gzip.write(bytes, 0, size);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public boolean isEmpty() {
    return transactionCount == 0;
  }

  /** The segment, covering {@code [startT, t of the last transaction + 1)}. Ends this writer. */
  public WrittenSegment finish() {
    requireUnfinished();
    if (isEmpty()) {
      throw new IllegalStateException("a segment needs a transaction");
    }
    finished = true;
    SegmentInfo info =
        new SegmentInfo(
            usage.needsFormat2() ? Layout.FORMAT_VERSION_MAX : Layout.FORMAT_VERSION,
            source,
            new TxRange(startT, lastT + 1),
            previousT,
            firstT,
            lastT,
            transactionCount,
            datomCount,
            usage.firstInstant(),
            usage.lastInstant(),
            contentSize,
            HexFormat.of().formatHex(contentHash.digest()),
            TransactionHash.sha256(Objects.requireNonNull(last)),
            usage.builtIns(),
            prefixStored,
            redactedBy);
    try {
      gzip.close();
      return new WrittenSegment(
          info, Layout.assemble(info, schemaAtStart, stored.bytes(), stored.size()));
    } catch (IOException | RuntimeException beyondLimits) {
      DecodingFailures.throwIfResourcesAreShort(beyondLimits);
      throw new UnsupportedFormatException(
          "Failed to write segment " + info.range() + ": its header or its schema is too large",
          "this version cannot keep a schema or an identity of that size; look for a newer one",
          beyondLimits);
    }
  }

  private void requireUnfinished() {
    if (finished) {
      throw new IllegalStateException("the segment is finished");
    }
  }

  /**
   * The built-ins that a run of transactions uses, and its dates. Follows the schema along the run.
   * Mutable, one thread.
   */
  private static final class Usage {
    private final Schema schema;
    private final Set<Keyword> builtIns = new HashSet<>();
    private @Nullable Instant firstInstant;
    private @Nullable Instant lastInstant;
    private boolean needsFormat2;

    Usage(Schema schemaAtStart) {
      this.schema = schemaAtStart.copy();
    }

    void add(Transaction transaction) {
      schema.apply(transaction); // first: bootstrap transactions use what they define
      TransactionDates.in(transaction, schema).ifPresent(this::date);
      for (Datom datom : transaction.datoms()) {
        needsFormat2 |= TransitValues.needsFormat2(datom.v());
        if (isBookkeeping(datom.e())) {
          continue; // a restore defines its own bookkeeping, and never this one
        }
        Keyword property = schema.builtIn(datom.a());
        if (property == null || schema.builtIn(datom.e()) == null) {
          use(property);
          useReferences(datom);
        }
      }
    }

    private boolean isBookkeeping(long entity) {
      Attribute attribute = schema.attribute(entity);
      return attribute != null && Bookkeeping.isBookkeeping(attribute.ident());
    }

    private void date(Instant instant) {
      firstInstant = firstInstant == null ? instant : firstInstant;
      lastInstant = instant;
    }

    private void useReferences(Datom datom) {
      Attribute attribute = schema.attribute(datom.a());
      if (attribute == null) {
        return;
      }
      if (attribute.isRef() && datom.v() instanceof Long id) {
        use(schema.builtIn(id));
      } else if (attribute.hasRefElements() && datom.v() instanceof List<?> elements) {
        for (int i = 0; i < elements.size(); i++) {
          if (attribute.isRefElement(i) && elements.get(i) instanceof Long id) {
            use(schema.builtIn(id));
          }
        }
      }
    }

    private void use(@Nullable Keyword builtIn) {
      if (builtIn != null) {
        builtIns.add(builtIn);
      }
    }

    boolean needsFormat2() {
      return needsFormat2;
    }

    /** Their idents, as in {@code :db/doc}. */
    Set<String> builtIns() {
      return builtIns.stream().map(Keyword::toString).collect(Collectors.toSet());
    }

    Optional<Instant> firstInstant() {
      return Optional.ofNullable(firstInstant);
    }

    Optional<Instant> lastInstant() {
      return Optional.ofNullable(lastInstant);
    }
  }
}
