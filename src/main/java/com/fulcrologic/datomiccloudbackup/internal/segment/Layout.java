package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The places of a segment's parts in its bytes. All numbers are big-endian.
 *
 * <pre>
 *    8  magic              }
 *    4  format version     } the same in every
 *    4  header's size      } version to come
 *    H  header: transit    }
 *   32  SHA-256 of all before }
 *    4  schema's stored size
 *    S  schema: transit, gzip
 *    8  content's stored size
 *    C  transactions: transit, gzip
 *   32  SHA-256 of all before (in every version to come: the last 32 bytes)
 * </pre>
 */
final class Layout {
  /** The format of a segment that older versions of this library read, too. */
  static final int FORMAT_VERSION = 1;

  /** The format of a segment with values that only Datomic Pro has; otherwise the same. */
  static final int FORMAT_VERSION_MAX = 2;

  static final int PREAMBLE_SIZE = 16;

  /** Neither text nor another format begins so; line-end conversion breaks it. */
  private static final long MAGIC = 0x89_44_43_42_0D_0A_1A_0AL; // 0x89 D C B CR LF SUB LF

  private static final int HEADER_SIZE_OFFSET = 12;

  private Layout() {}

  record Parts(SegmentInfo info, Schema schema, int contentOffset, int contentSize) {}

  static byte[] assemble(SegmentInfo info, Schema schemaAtStart, byte[] content, int contentSize)
      throws IOException {
    byte[] header = encode(info.toMap(), Limits.HEADER_SIZE_MAX);
    byte[] schema = compress(encode(SchemaCodec.toMap(schemaAtStart), Limits.SCHEMA_SIZE_MAX));
    int headerEnd = PREAMBLE_SIZE + header.length;
    long size =
        headerEnd + 2L * Sha256.SIZE + Integer.BYTES + schema.length + Long.BYTES + contentSize;
    ByteBuffer segment = ByteBuffer.allocate(Math.toIntExact(size));
    segment.putLong(MAGIC).putInt(info.formatVersion()).putInt(header.length).put(header);
    segment.put(Sha256.of(segment.array(), 0, headerEnd));
    segment.putInt(schema.length).put(schema);
    segment.putLong(contentSize).put(content, 0, contentSize);
    segment.put(Sha256.of(segment.array(), 0, segment.position()));
    return segment.array();
  }

  private static byte[] encode(Map<String, ? extends @Nullable Object> map, int sizeMax)
      throws IOException {
    ByteSink sink = new ByteSink(sizeMax);
    TransitHandlers.writer(sink).write(map);
    ValueCutter.check(sink.bytes(), sink.size());
    return Arrays.copyOf(sink.bytes(), sink.size());
  }

  private static byte[] compress(byte[] bytes) throws IOException {
    ByteSink sink = new ByteSink(Integer.MAX_VALUE - 8);
    try (Gzip gzip = new Gzip(sink, Gzip.LEVEL)) {
      gzip.write(bytes);
    }
    return Arrays.copyOf(sink.bytes(), sink.size());
  }

  /** How many first bytes hold the header and its hash; empty when these begin no segment. */
  static OptionalInt headerEnd(byte[] prefix) {
    if (prefix.length < PREAMBLE_SIZE || ByteBuffer.wrap(prefix).getLong() != MAGIC) {
      return OptionalInt.empty();
    }
    int headerSize = ByteBuffer.wrap(prefix).getInt(HEADER_SIZE_OFFSET);
    return headerSize < 0 || headerSize > Limits.HEADER_SIZE_MAX
        ? OptionalInt.empty()
        : OptionalInt.of(PREAMBLE_SIZE + headerSize + Sha256.SIZE);
  }

  /** The header, when its own hash agrees. */
  static SegmentInfo readInfo(byte[] prefix, String where) {
    int end =
        headerEnd(prefix)
            .orElseThrow(() -> DecodingFailures.corrupt(where, "it does not begin like a segment"));
    if (end > prefix.length) {
      throw DecodingFailures.corrupt(where, "it ends within its header");
    }
    checkHash(prefix, end, where, "its header was changed");
    int version = ByteBuffer.wrap(prefix).getInt(Long.BYTES);
    checkVersion(version, where);
    int headerSize = end - Sha256.SIZE - PREAMBLE_SIZE;
    try {
      return SegmentInfo.fromMap(
          version,
          TransitDecoder.decodeMap(
              new ByteArrayInputStream(prefix, PREAMBLE_SIZE, headerSize), headerSize));
    } catch (IOException | RuntimeException broken) {
      throw DecodingFailures.corrupt(where, "its header makes no sense", broken);
    }
  }

  /** All parts except the transactions, after a check of every stored byte against the hash. */
  static Parts read(byte[] bytes, String where) {
    if (bytes.length < PREAMBLE_SIZE + 2 * Sha256.SIZE) {
      throw DecodingFailures.corrupt(where, "it is too short");
    }
    checkHash(bytes, bytes.length, where, "its bytes are not those that were written");
    SegmentInfo info = readInfo(bytes, where);
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, bytes.length - Sha256.SIZE);
    int headerEnd = headerEnd(bytes).orElseThrow();
    if (headerEnd > rest.limit()) {
      // cut short right after the header, whose own hash then looks like the last one
      throw DecodingFailures.corrupt(where, "it ends after its header");
    }
    rest.position(headerEnd);
    int schemaSize = Math.toIntExact(size(rest, Integer.BYTES, where));
    int schemaOffset = rest.position();
    rest.position(schemaOffset + schemaSize);
    int contentSize = Math.toIntExact(size(rest, Long.BYTES, where));
    if (rest.remaining() != contentSize) {
      throw DecodingFailures.corrupt(where, "its content is longer than it states");
    }
    Schema schema = schema(bytes, schemaOffset, schemaSize, where);
    return new Parts(info, schema, rest.position(), contentSize);
  }

  /** A stored size; the bytes that it counts must be there. */
  private static long size(ByteBuffer rest, int width, String where) {
    if (rest.remaining() < width) {
      throw DecodingFailures.corrupt(where, "it ends within a size");
    }
    long size = width == Long.BYTES ? rest.getLong() : rest.getInt();
    if (size < 0 || size > rest.remaining()) {
      throw DecodingFailures.corrupt(where, "a stored size is more than there is");
    }
    return size;
  }

  private static Schema schema(byte[] bytes, int offset, int size, String where) {
    try (GZIPInputStream stored =
        new GZIPInputStream(new ByteArrayInputStream(bytes, offset, size))) {
      return SchemaCodec.fromMap(TransitDecoder.decodeMap(stored, Limits.SCHEMA_SIZE_MAX));
    } catch (IOException | RuntimeException broken) {
      throw DecodingFailures.corrupt(where, "its schema makes no sense", broken);
    }
  }

  /** Whether the 32 bytes before {@code end} are the hash of all before them. */
  private static void checkHash(byte[] bytes, int end, String where, String otherwise) {
    int hashOffset = end - Sha256.SIZE;
    byte[] hash = Sha256.of(bytes, 0, hashOffset);
    if (!Arrays.equals(hash, 0, hash.length, bytes, hashOffset, end)) {
      throw DecodingFailures.corrupt(where, otherwise);
    }
  }

  private static void checkVersion(int version, String where) {
    if (version < FORMAT_VERSION || version > FORMAT_VERSION_MAX) {
      throw new UnsupportedFormatException(
          ("Failed to read segment %s: it has format version %s, and this library reads "
                  + "versions up to %s")
              .formatted(where, Integer.toUnsignedString(version), FORMAT_VERSION_MAX),
          "use a version of this library that reads format " + Integer.toUnsignedString(version));
    }
  }
}
