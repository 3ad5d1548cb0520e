/**
 * The contract of {@link org.farthing.server.ledger.Ledger} as tests, for those who bring their own store. It uses the public
 * interface of the ledger only.
 */
@NullMarked
package org.farthing.server.ledger.kit;

import org.jspecify.annotations.NullMarked;
