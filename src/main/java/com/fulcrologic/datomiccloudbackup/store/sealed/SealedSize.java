package com.fulcrologic.datomiccloudbackup.store.sealed;

/**
 * The sizes of sealed objects. A sealed object is a {@link SealHeader}, 40 bytes of the cipher's
 * own, and the content in parts, each with 16 bytes that authenticate it. The cipher's part of it
 * is cut into pieces of 4 096 bytes; the first one includes the 40 bytes.
 */
final class SealedSize {
  private static final int PIECE_SIZE = 4096;
  private static final int CIPHER_HEADER_SIZE = 40;
  private static final int TAG_SIZE = 16;
  private static final int PIECE_CONTENT_SIZE = PIECE_SIZE - TAG_SIZE;

  private SealedSize() {}

  /** The bytes of an object with so many bytes of content. */
  static long ofContent(long contentSize) {
    long inPieces = CIPHER_HEADER_SIZE + contentSize;
    return SealHeader.SIZE + inPieces + TAG_SIZE * ceil(inPieces, PIECE_CONTENT_SIZE);
  }

  /** The bytes of content in so many bytes of an object; -1 when no object has that size. */
  static long content(long sealedSize) {
    long ofCipher = sealedSize - SealHeader.SIZE;
    long contentSize = ofCipher - CIPHER_HEADER_SIZE - TAG_SIZE * ceil(ofCipher, PIECE_SIZE);
    return contentSize >= 0 && ofContent(contentSize) == sealedSize ? contentSize : -1;
  }

  /**
   * The first bytes of an object that are enough to open so many bytes of content: whole pieces,
   * and one byte more, which shows whether a piece is the last one.
   */
  static long toOpen(long contentSize) {
    long pieceCount = Math.max(1, ceil(CIPHER_HEADER_SIZE + contentSize, PIECE_CONTENT_SIZE));
    return SealHeader.SIZE + pieceCount * PIECE_SIZE + 1;
  }

  private static long ceil(long size, int unit) {
    return (size + unit - 1) / unit;
  }
}
