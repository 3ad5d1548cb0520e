/**
 * The conformance kit's command line. {@link org.farthing.conformance.Main} is the main class of
 * {@code farthing-conformance.jar}: it answers the adapter's questions at once and leaves everything else to
 * {@link org.farthing.conformance.ConformanceCommand}. Each thing the kit can prove is a subcommand with a package of its own.
 */
@NullMarked
package org.farthing.conformance;

import org.jspecify.annotations.NullMarked;
