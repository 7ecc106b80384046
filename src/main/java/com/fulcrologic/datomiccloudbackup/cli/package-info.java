/**
 * The command line: one file per command. It reads what was asked for, calls {@code Cloning}, and
 * prints what came of it.
 *
 * <p>Alone in using picocli, progressbar, the standard streams and {@code System.exit}. Nothing
 * that a program might want may enter: that belongs behind {@code Cloning}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.cli;

import org.jspecify.annotations.NullMarked;
