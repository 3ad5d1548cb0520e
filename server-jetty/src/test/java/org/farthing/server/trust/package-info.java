/** Tests of the room that fetches the key documents of others. */
@NullMarked
package org.farthing.server.trust;

import org.jspecify.annotations.NullMarked;
