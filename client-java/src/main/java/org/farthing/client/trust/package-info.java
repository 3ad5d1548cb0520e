/**
 * Whose word counts: the key documents of origins, fetched within bounds, and what was pinned of them at the first payment.
 *
 * <p>Programs use {@link org.farthing.client.trust.OriginPins} and {@link org.farthing.client.trust.TrustQuestion}; the
 * fetcher is the paying client's. The package knows neither money nor wallets.
 */
@NullMarked
package org.farthing.client.trust;

import org.jspecify.annotations.NullMarked;
