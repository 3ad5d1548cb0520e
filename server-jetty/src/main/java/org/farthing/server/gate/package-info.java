/**
 * The state machine of a paid request: demand, verify, reserve, serve, capture or release (protocol sections 2.2, 2.5 and
 * 2.7; spec/charge.md, spec/retry.md, spec/server.md).
 *
 * <p>How the pieces fit: a transport asks {@link org.farthing.server.gate.PaymentGate#examine} about a request (cheap, no
 * I/O), learns the body's digest as far as the answer demands, and asks {@link org.farthing.server.gate.PaymentGate#decide}.
 * The {@link org.farthing.server.gate.Decision} is an answer to write, or a {@link org.farthing.server.gate.Reservation} to
 * run the handler under, which the transport then settles.
 *
 * <p>Nothing here knows HTTP servers, and nothing blocks: what waits for the ledger is a stage. Uses {@code offer}, {@code
 * ledger} and {@code method}; used by {@code jetty}. Anybody may call it from another server.
 */
@NullMarked
package org.farthing.server.gate;

import org.jspecify.annotations.NullMarked;
