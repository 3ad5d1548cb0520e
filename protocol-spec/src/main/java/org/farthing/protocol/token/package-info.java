/**
 * Blind bearer tokens, byte for byte the publicly verifiable tokens of Privacy Pass (RFC 9577, RFC 9578 section 6, blind
 * RSA of RFC 9474), with a value: one key for each denomination. The bytes, the keys, the issuer's directory, the price
 * grid, the parts of a payment by tokens, and the bodies of the issuer's routes, each a value with one strict reader and
 * one writer for both sides.
 *
 * <p>Anybody may call this package. It stands beside {@code wallet}, on {@code binding}, {@code signature}, the nouns and
 * {@code internal}. Values are immutable and shareable; nothing blocks, reads a clock or does I/O. Tokens are money: no
 * {@code toString} shows one. Rules: spec/token.md.
 */
@NullMarked
package org.farthing.protocol.token;

import org.jspecify.annotations.NullMarked;
