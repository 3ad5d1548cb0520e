/** Tests of what goes to wallet services and what may come back; collecting itself is tested behind a paywall. */
@NullMarked
package org.farthing.server.collect;

import org.jspecify.annotations.NullMarked;
