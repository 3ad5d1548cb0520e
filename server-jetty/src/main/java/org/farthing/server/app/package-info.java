/**
 * The command line {@code farthing-server}: keys, selling a folder, wallets, the ledger's check. One class per command;
 * {@link org.farthing.server.app.ServerCommand} is the entry point of the runnable jar.
 *
 * <p>Nobody calls this package but the runnable jar and its tests; only here may picocli, the logging binding and the
 * client be used. Commands print results to standard output and one sentence to standard error when they fail, never a
 * stack trace and never a secret.
 */
@NullMarked
package org.farthing.server.app;

import org.jspecify.annotations.NullMarked;
