/**
 * Drills with whole processes: a payee and a wallet service that are stopped or killed at every step, a client that goes on,
 * and both sides' books compared afterwards.
 */
@NullMarked
package org.farthing.server.drill;

import org.jspecify.annotations.NullMarked;
