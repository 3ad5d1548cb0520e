/**
 * One question a process, in JSON on standard input, and its answer on standard output: how conformance runners in any language
 * put the protocol's operations to Farthing (conformance.md, F-CO-60 to F-CO-67). {@code farthing-conformance adapter} calls it.
 *
 * <p>Nothing here needs the rest of the kit, the command line or a log, so that the process is up soon. Only
 * {@code http.payment_request} loads the paying client, and with it a log.
 */
@NullMarked
package org.farthing.conformance.adapter;

import org.jspecify.annotations.NullMarked;
