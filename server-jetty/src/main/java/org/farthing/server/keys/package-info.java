/**
 * The server's keys and secrets, as files in a folder that only their owner can open: the signing keys, the secrets of
 * the challenge ids, and the administrator's bearer.
 *
 * <p>{@link org.farthing.server.keys.KeyFiles} makes, rotates and loads such a folder; what it loads is
 * {@link org.farthing.server.keys.ServerKeys}, which a gate and the key route are built from, or
 * {@link org.farthing.server.keys.TokenKeys} for a wallet service. Anybody who embeds the
 * server may call this package. It does blocking file I/O: call it at start, not while a request is served. Nothing here
 * prints a secret.
 */
@NullMarked
package org.farthing.server.keys;

import org.jspecify.annotations.NullMarked;
