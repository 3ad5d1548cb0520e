/**
 * Farthing inside Jetty: handlers that charge for what the handlers behind them serve, and the routes a paying client
 * needs beside them (keys, wallets). They wrap an application's handler tree; nothing else in the host changes.
 *
 * <p>Anybody may call this package. Its handlers never block a container thread for a payment: they read bodies and wait
 * for the ledger asynchronously.
 */
@NullMarked
package org.farthing.server.jetty;

import org.jspecify.annotations.NullMarked;
