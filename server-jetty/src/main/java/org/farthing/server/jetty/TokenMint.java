package org.farthing.server.jetty;

import java.security.SecureRandom;
import java.time.Instant;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.server.keys.TokenKeys;

/**
 * Signs receipt tokens, with the key that signs at that moment (specification: receipt-token.md; keys.md, F-KY-31). A token is
 * worth nothing before the ledger has set the money aside, and leaves this server only after that (F-WS-8).
 */
final class TokenMint {

    private static final int ID_BYTES = 16;

    private final Origin self;
    private final TokenKeys keys;
    private final SecureRandom random = new SecureRandom();

    TokenMint(Origin self, TokenKeys keys) {
        this.self = self;
        this.keys = keys;
    }

    /** A signed token and what it says. */
    record Minted(ReceiptClaims claims, String token) {

        /** The challenge alone: the token is money. */
        @Override
        public String toString() {
            return "Minted[challenge=" + claims.challengeId() + "]";
        }
    }

    /**
     * For a challenge that was checked.
     *
     * @param issued what the token says of when it was made
     * @param now which key signs
     */
    Minted forChallenge(Challenge challenge, boolean deferred, Instant issued, Instant now) {
        SigningKey key = keys.signingAt(now)
                .orElseThrow(() -> new IllegalStateException(
                        "No receipt-token key can be used now: farthing-server keys list shows their times."));
        try {
            ReceiptClaims claims = ReceiptClaims.forChallenge(
                    challenge,
                    self,
                    tokenId(),
                    issued,
                    deferred ? ReceiptClaims.DEFERRED_HOLD : ReceiptClaims.DEFAULT_HOLD);
            return new Minted(claims, ReceiptToken.issue(key, claims).format());
        } catch (MalformedException e) {
            throw new IllegalStateException("The challenge was read when it was checked.", e);
        }
    }

    private String tokenId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return Base64Url.encode(id);
    }
}
