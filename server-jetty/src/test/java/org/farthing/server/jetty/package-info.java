/** Tests of the Jetty handlers, with raw bytes through a server without a network. */
@NullMarked
package org.farthing.server.jetty;

import org.jspecify.annotations.NullMarked;
