/**
 * What ties a challenge to its server, its request and its body: the challenge id (an HMAC), the secrets behind it, the
 * hash of method, origin, path and query, the hash of the facts a price was made from, and the digest of the body.
 *
 * <p>{@link org.farthing.protocol.binding.SecretRing} is the door for servers; {@link
 * org.farthing.protocol.binding.ChallengeId} is the bare recipe beneath it, for vectors and comparison with other
 * implementations. {@link org.farthing.protocol.binding.Opaque} carries the rest inside the challenge.
 *
 * <p>Anybody may call this package. It uses the nouns of {@code org.farthing.protocol} and {@code internal}. Values are
 * immutable and shareable; nothing blocks, reads a clock or does I/O. Rules: spec/binding.md.
 */
@NullMarked
package org.farthing.protocol.binding;

import org.jspecify.annotations.NullMarked;
