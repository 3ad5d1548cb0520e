/**
 * Runs vector files, the language-neutral examples of {@code protocol-spec/vectors}, through the real public parsers.
 *
 * <p>How the pieces fit: a {@link org.farthing.conformance.vectors.VectorSource} finds the files, a
 * {@link org.farthing.conformance.vectors.VectorFile} is one of them read and checked, its {@code kind} names the
 * {@link org.farthing.conformance.vectors.Check} that turns the input of every
 * {@link org.farthing.conformance.vectors.VectorCase} into an {@link org.farthing.conformance.vectors.Outcome}, and the
 * {@link org.farthing.conformance.vectors.VectorReport} says which outcomes were not the expected ones. The files are
 * read with Jackson, not with the parser they test.
 */
@NullMarked
package org.farthing.conformance.vectors;

import org.jspecify.annotations.NullMarked;
