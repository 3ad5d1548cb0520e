/** Tests of the ledger; the contract that any store has to pass is in {@link org.farthing.server.ledger.kit}. */
@NullMarked
package org.farthing.server.ledger;

import org.jspecify.annotations.NullMarked;
