package org.farthing.client.token;

import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.TokenChallenge;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens can be spent: those of one issuer, at one payee, or at any payee that takes them. Tokens of different scopes
 * never mix (T57).
 *
 * @param issuer who sells and swaps them
 * @param payee the one payee that takes them; null for tokens without a named payee
 */
public record TokenScope(Origin issuer, @Nullable Origin payee) {

    /**
     * The token challenge that binds such tokens.
     *
     * @return the same for every client, so that it tells nobody apart
     */
    public TokenChallenge challenge() {
        return payee == null ? TokenChallenge.anyPayee(issuer) : TokenChallenge.forPayee(issuer, payee);
    }

    /** Names both, for people. */
    @Override
    public String toString() {
        return issuer + " for " + (payee == null ? "any payee" : payee.text());
    }
}
