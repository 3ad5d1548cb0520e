package org.farthing.protocol.token;

import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * What a payee says about paying by tokens: the {@code methodDetails} of a request of method {@code token} (F-TK-23).
 *
 * @param issuer whose tokens
 * @param challenge what the tokens must be for
 * @param denominations which values there are
 * @param maxTokens how many may be used, 1 to 16
 * @param keepsOverpay whether the payee takes tokens that are worth more, and keeps the rest
 * @param keys hash of the issuer's directory as the payee has it, {@link IssuerDirectory#hash}
 */
public record TokenOffer(
        Origin issuer,
        TokenChallenge challenge,
        Denominations denominations,
        int maxTokens,
        boolean keepsOverpay,
        String keys) {

    /** Most tokens of one payment: with more, the credential would be longer than a header field may be. */
    public static final int MOST_TOKENS = 16;

    private static final String WHERE = "request.methodDetails";
    private static final String KEEP = "keep";
    private static final String NO = "no";

    /**
     * Checks the members.
     *
     * @param issuer as described at the record
     * @param challenge as described at the record
     * @param denominations as described at the record
     * @param maxTokens as described at the record
     * @param keepsOverpay as described at the record
     * @param keys as described at the record
     * @throws IllegalArgumentException if the challenge names another issuer, the number is out of range, or the hash is
     *     not base64url of 32 bytes
     */
    public TokenOffer {
        try {
            if (!challenge.issuerName().equals(issuer.realm())) {
                throw new MalformedException(Fault.VALUE, WHERE + ".challenge", "the challenge names another issuer");
            }
            if (maxTokens < 1 || maxTokens > MOST_TOKENS) {
                throw new MalformedException(
                        Fault.VALUE, WHERE + ".maxTokens", "1 to " + MOST_TOKENS + " tokens are allowed");
            }
            TokenForms.hash(keys, WHERE + ".keys");
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads the details.
     *
     * @param methodDetails the {@code methodDetails} of a request; unknown members are ignored
     * @return the offer
     * @throws MalformedException if a member is missing or wrong
     */
    public static TokenOffer parse(Map<String, ? extends @Nullable Object> methodDetails) throws MalformedException {
        Members members = new Members(methodDetails, WHERE);
        Origin issuer = TokenForms.origin(members, "issuer");
        TokenChallenge challenge = TokenChallenge.parse(members.text("challenge"));
        Denominations denominations = Denominations.parse(members.text("denominations"));
        Amount maxTokens = Amount.parse(members.text("maxTokens"), WHERE + ".maxTokens");
        int most = (int) Math.min(maxTokens.baseUnits(), MOST_TOKENS + 1L);
        String overpay = members.text("overpay");
        if (!overpay.equals(NO) && !overpay.equals(KEEP)) {
            throw new MalformedException(Fault.VALUE, WHERE + ".overpay", "no or keep is needed");
        }
        String keys = members.text("keys");
        return TokenForms.build(
                WHERE, () -> new TokenOffer(issuer, challenge, denominations, most, overpay.equals(KEEP), keys));
    }

    /**
     * Writes the details.
     *
     * @return the {@code methodDetails} of a request, strings only
     */
    public Map<String, Object> toMethodDetails() {
        Map<String, Object> members = new TreeMap<>();
        members.put("issuer", issuer.text());
        members.put("challenge", challenge.text());
        members.put("denominations", denominations.text());
        members.put("maxTokens", Integer.toString(maxTokens));
        members.put("overpay", keepsOverpay ? KEEP : NO);
        members.put("keys", keys);
        return members;
    }
}
