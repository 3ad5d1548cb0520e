/** The ledger's published contract, as seen by those who bring their own store. */
@NullMarked
package org.farthing.conformance.store;

import org.jspecify.annotations.NullMarked;
