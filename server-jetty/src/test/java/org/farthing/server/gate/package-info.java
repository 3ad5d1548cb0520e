/** Tests of the gate's parts; the whole of it is tested through the handler, by raw bytes. */
@NullMarked
package org.farthing.server.gate;

import org.jspecify.annotations.NullMarked;
