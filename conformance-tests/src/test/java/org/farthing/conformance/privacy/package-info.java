/** Who can learn what from everything that parties see together. */
@NullMarked
package org.farthing.conformance.privacy;

import org.jspecify.annotations.NullMarked;
