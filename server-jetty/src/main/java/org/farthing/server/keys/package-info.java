/**
 * The server's keys and secrets, as files in a folder that only their owner can open: the signing keys, the secrets of
 * the challenge ids, and the administrator's bearer.
 *
 * <p>Anybody who embeds the server may call this package. It does blocking file I/O: call it at start, not while a request is
 * served. Nothing here prints a secret.
 */
@NullMarked
package org.farthing.server.keys;

import org.jspecify.annotations.NullMarked;
