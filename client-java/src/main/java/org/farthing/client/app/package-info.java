/**
 * The command line {@code farthing}: gets things from the web that have a price, and pays within limits its user set.
 *
 * <p>Nobody calls this package; it stands on top of the client library and is the only part of this module that knows
 * picocli. What a command fetched or found goes to standard output, everything said to people to standard error.
 */
@NullMarked
package org.farthing.client.app;

import org.jspecify.annotations.NullMarked;
