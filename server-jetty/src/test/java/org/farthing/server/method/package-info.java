/** Tests of payment methods, and the contract that every one of them has to keep. */
@NullMarked
package org.farthing.server.method;

import org.jspecify.annotations.NullMarked;
