/**
 * Against other implementations, in both directions: programs in {@code conformance-tests/interop} run in a Node process, and
 * the real servers and clients of this project on this side. Skipped where Node is missing, except on the build machine.
 */
@NullMarked
package org.farthing.conformance.interop;

import org.jspecify.annotations.NullMarked;
