/**
 * The nouns of the wire: challenge, credential, receipt, request, amount, currency, problem. Each noun parses and
 * formats itself; {@code parse} and {@code format} stand side by side so that a reader can compare them.
 *
 * <p>Everything here is an immutable value, safe to share between threads. Nothing blocks, reads a clock or does I/O.
 * Malformed input always ends in {@link org.farthing.protocol.MalformedException}; a value that could never be legal,
 * built by our own side, ends in {@link java.lang.IllegalArgumentException}.
 *
 * <p>Anybody may call this package. It uses {@code internal} and nothing else of ours.
 */
@NullMarked
package org.farthing.protocol;

import org.jspecify.annotations.NullMarked;
