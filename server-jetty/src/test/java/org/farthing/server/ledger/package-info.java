/** Tests of the ledger, and the contract tests that any other store has to pass. */
@NullMarked
package org.farthing.server.ledger;

import org.jspecify.annotations.NullMarked;
