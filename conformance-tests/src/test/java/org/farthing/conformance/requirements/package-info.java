/** The page that leads from every requirement and threat to the tests that show it, made from the tests' annotations. */
@NullMarked
package org.farthing.conformance.requirements;

import org.jspecify.annotations.NullMarked;
