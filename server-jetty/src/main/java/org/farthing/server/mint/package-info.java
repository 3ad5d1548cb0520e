/**
 * The mint: sells blind tokens, changes them and pays out to payees what they took (specification: token-mint.md).
 *
 * <p>{@link org.farthing.server.mint.Mint} is all of it but HTTP; {@code org.farthing.server.jetty.MintHandler} puts it behind the
 * routes. Anybody who embeds the server may call this package. Stages never block the caller; signing is done on threads of the
 * mint. Nothing here prints or logs a token, a blinded message or a private key.
 */
@NullMarked
package org.farthing.server.mint;

import org.jspecify.annotations.NullMarked;
