/**
 * The conformance kit's command line. {@link org.farthing.conformance.ConformanceCommand} is the main class of
 * {@code farthing-conformance.jar}; each thing it can prove is a subcommand with a package of its own.
 */
@NullMarked
package org.farthing.conformance;

import org.jspecify.annotations.NullMarked;
