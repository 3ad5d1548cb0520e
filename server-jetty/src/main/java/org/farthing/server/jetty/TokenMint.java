package org.farthing.server.jetty;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.server.keys.TokenKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs receipt tokens, with the key that signs at that moment (specification: receipt-token.md; keys.md, F-KY-31). A token is
 * worth nothing before the ledger has set the money aside, and leaves this server only after that (F-WS-8).
 */
final class TokenMint {

    private static final Logger LOG = LoggerFactory.getLogger(WalletHandler.class);
    private static final int ID_BYTES = 16;

    private final Origin self;
    private final Supplier<TokenKeys> keys;
    private final SecureRandom random = new SecureRandom();

    TokenMint(Origin self, Supplier<TokenKeys> keys) {
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
        SigningKey key = keys.get().signingAt(now).orElseThrow(this::unable);
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

    private Refusal unable() {
        LOG.error(
                "No receipt-token key may be used at this time: farthing-server keys list shows the keys of {} and their"
                        + " times.",
                self);
        return Refusal.waitFirst(
                ProblemType.LEDGER_UNAVAILABLE,
                "This service can vouch for nothing at the moment. Try again later.",
                Duration.ofSeconds(5));
    }

    private String tokenId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return Base64Url.encode(id);
    }
}
