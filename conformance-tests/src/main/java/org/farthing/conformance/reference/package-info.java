/**
 * Something to test against: a real paywall with a page for every case of the server suite, and beside it a wallet service.
 * Both are this project's own handlers over its embedded ledger, on loopback; started by {@code reference-server} or, in a
 * test, by {@link org.farthing.conformance.reference.ReferenceServer#open}.
 */
@NullMarked
package org.farthing.conformance.reference;

import org.jspecify.annotations.NullMarked;
