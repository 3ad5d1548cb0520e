package org.farthing.server.app;

import java.util.Optional;
import org.farthing.protocol.binding.Origin;

/**
 * Where a server listens, and as what the world knows it.
 *
 * @param bind the address to listen on
 * @param port the port, or 0 for any free one
 * @param origin the public origin; empty for {@code http://BIND:PORT} on a loopback address
 * @param tlsProxy whether a TLS proxy on another machine is in front
 */
record Listening(String bind, int port, Optional<Origin> origin, boolean tlsProxy) {}
