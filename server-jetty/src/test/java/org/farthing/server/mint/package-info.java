/** Tests of the mint, and keys and messages for tests of others. */
@NullMarked
package org.farthing.server.mint;

import org.jspecify.annotations.NullMarked;
