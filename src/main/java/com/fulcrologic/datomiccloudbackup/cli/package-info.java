/**
 * The command line: one file per command. A command reads its options, calls {@code Cloning}, and
 * prints the result. {@code Main} runs it, {@code ExitCode} names the exit code of each failure,
 * and {@code Failures} prints it.
 *
 * <p>Only this package uses picocli, the standard streams and {@code System.exit}. Functions that a
 * program might need must not be here: they belong behind {@code Cloning}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.cli;

import org.jspecify.annotations.NullMarked;
