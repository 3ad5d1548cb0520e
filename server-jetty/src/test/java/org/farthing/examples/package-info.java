/** The examples of the README: compiled, run against each other, and compared with the text that stands there. */
@NullMarked
package org.farthing.examples;

import org.jspecify.annotations.NullMarked;
