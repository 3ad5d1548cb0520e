/**
 * What every suite of the kit shares: a case with its requirement, what came of it with the evidence, and the run that puts
 * them together. The suites ({@code server}, {@code client}, {@code wallet}) write cases; {@code report} shows what came of
 * them. Nothing here knows HTTP or a method of payment.
 */
@NullMarked
package org.farthing.conformance.suite;

import org.jspecify.annotations.NullMarked;
