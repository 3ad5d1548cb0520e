package org.farthing.server.mint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.server.ledger.UsedToken;

/**
 * The tokens that are given for others, each with its key; their signatures are not verified yet (specification: token-mint.md,
 * F-TK-86). Immutable.
 *
 * @param all the tokens in their order
 */
record Inputs(List<Input> all) {

    /**
     * One token.
     *
     * @param token the token
     * @param key the key it names
     */
    record Input(BlindToken token, PublishedKey key) {}

    /** Finds the keys; refuses tokens of another issuer or challenge, and those that are too old. */
    static Inputs of(MintRing ring, Origin issuer, TokenChallenge challenge, List<BlindToken> tokens, Instant now) {
        if (!challenge.issuerName().equals(issuer.realm())) {
            throw Refusals.unusable("The challenge is for tokens of another issuer.");
        }
        List<Input> inputs = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            BlindToken token = tokens.get(i);
            int index = i;
            PublishedKey key = ring.signerOf(token)
                    .orElseThrow(() -> Refusals.expired("Token " + index + " is of no key of the directory."))
                    .published();
            if (!key.swappableAt(now)) {
                throw Refusals.expired("Token " + index + " is too old to be changed.");
            }
            if (!token.isFor(challenge)) {
                throw Refusals.unusable("Token " + index + " is not for this challenge.");
            }
            inputs.add(new Input(token, key));
        }
        return new Inputs(List.copyOf(inputs));
    }

    /** Refuses tokens that nobody signed. Takes some 50 microseconds for each. */
    Inputs requireSigned() {
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).key().key().verify(all.get(i).token())) {
                throw Refusals.unusable("Token " + i + " is not signed by the key it names.");
            }
        }
        return this;
    }

    long total() {
        long sum = 0;
        for (Input input : all) {
            sum = Math.addExact(sum, input.key().value().baseUnits());
        }
        return sum;
    }

    /** From when nobody but the mint has authority over any of them: the second after the last deadline (F-TK-20). */
    Instant aloneFrom() {
        return all.stream()
                .map(input -> input.key().redeemUntil().plusSeconds(1))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    List<UsedToken> used() {
        return all.stream()
                .map(input -> new UsedToken(
                        input.key().key().keyId(), input.token().serial().text()))
                .toList();
    }

    /** How many: whoever has one may spend it. */
    @Override
    public String toString() {
        return "Inputs[" + all.size() + " tokens]";
    }
}
