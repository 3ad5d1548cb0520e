/**
 * Who said it: keys, key documents and detached signatures over challenges, orders, receipts and statements.
 *
 * <p>{@link org.farthing.protocol.signature.SigningKey} signs, {@link org.farthing.protocol.signature.VerificationKey}
 * verifies, {@link org.farthing.protocol.signature.KeyDirectory} is the document an origin publishes and the only source
 * of its authority. {@link org.farthing.protocol.signature.DetachedJws} and {@link
 * org.farthing.protocol.signature.CompactJws} are the two wire forms. The verifiers of whole artifacts ({@link
 * org.farthing.protocol.signature.ChallengeVerifier}, {@link org.farthing.protocol.signature.ReceiptVerifier}) do every
 * check that can be made from the messages and the key documents alone.
 *
 * <p>Every {@code verify} returns nothing and throws {@link org.farthing.protocol.signature.SignatureRejectedException}, so
 * that no caller can forget to look at the answer. The algorithms are Ed25519 and ES256 through BouncyCastle's low-level
 * API; no security provider is registered or changed.
 *
 * <p>Anybody may call this package. It uses {@code binding}, the nouns and {@code internal}. Values are immutable and
 * shareable; nothing blocks, reads a clock or fetches a key. Rules: spec/signatures.md, spec/keys.md.
 */
@NullMarked
package org.farthing.protocol.signature;

import org.jspecify.annotations.NullMarked;
