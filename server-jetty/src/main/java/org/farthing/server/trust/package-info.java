/**
 * Key documents of others: how this server learns which keys a payee or a wallet service has (specification: keys.md,
 * Fetching).
 *
 * <p>{@link org.farthing.server.trust.KeyDocuments} fetches the document of an origin that the operator configured or
 * registered. Nothing here looks at a message, so no message can choose what is fetched (T21). Anybody who embeds the server
 * may call this package; it stands on the protocol and on Jetty's HTTP client alone, and never blocks its caller.
 */
@NullMarked
package org.farthing.server.trust;

import org.jspecify.annotations.NullMarked;
