/**
 * {@code reference-client}: one paid request to a server under test, through this project's paying client, told step by step
 * (conformance.md, F-CO-70 to F-CO-72).
 */
@NullMarked
package org.farthing.conformance.payer;

import org.jspecify.annotations.NullMarked;
