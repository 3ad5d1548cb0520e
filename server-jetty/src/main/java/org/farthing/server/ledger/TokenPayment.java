package org.farthing.server.ledger;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says that a charge is paid by bearer tokens (F-TK-30 to F-TK-36). Their signatures have verified; whether one of them was used
 * before is what the ledger finds out, in the step that claims the charge.
 *
 * @param issuer the origin that issued them
 * @param tokens the tokens, each once, 1 to 64; their keys are known to {@link TokenBooks#openKey}
 * @param value what they are worth together, in base units; never less than the charge's amount. All of it goes to the payee
 * @param exposureLimit null if the issuer keeps its books in this ledger. Else the most that may be accepted of the issuer's
 *     tokens in the charge's currency without its word that it redeems them, in base units
 * @param upload null if the issuer keeps its books in this ledger. Else the bytes of each token, in the order of {@code tokens},
 *     to present to the issuer once the charge is captured
 */
public record TokenPayment(
        String issuer,
        List<UsedToken> tokens,
        long value,
        @Nullable Long exposureLimit,
        @Nullable List<byte[]> upload) implements Source {

    /** How many tokens one charge takes at most. */
    public static final int MOST = 64;

    private static final int LONGEST_TOKEN = 1024;

    /**
     * Checks the texts, the numbers and that each token is there once.
     *
     * @param issuer as the record says
     * @param tokens as the record says
     * @param value as the record says
     * @param exposureLimit as the record says
     * @param upload as the record says
     * @throws IllegalArgumentException if a text or number is out of range, there is no token or a token twice, or only one of
     *     limit and upload is there
     */
    public TokenPayment {
        Arguments.text("issuer", issuer, 300);
        Arguments.positiveAmount("value", value);
        tokens = List.copyOf(tokens);
        if (tokens.isEmpty() || tokens.size() > MOST) {
            throw new IllegalArgumentException("a charge takes 1 to " + MOST + " tokens, not " + tokens.size());
        }
        Set<UsedToken> different = new HashSet<>(tokens);
        if (different.size() < tokens.size()) {
            throw new IllegalArgumentException("a token is there twice");
        }
        if ((exposureLimit == null) != (upload == null)) {
            throw new IllegalArgumentException("exposureLimit and upload go together");
        }
        if (exposureLimit != null) {
            Arguments.amount("exposureLimit", exposureLimit);
        }
        upload = upload == null ? null : copy(upload, tokens.size());
    }

    private static List<byte[]> copy(List<byte[]> upload, int tokens) {
        if (upload.size() != tokens) {
            throw new IllegalArgumentException("upload must have " + tokens + " tokens, it has " + upload.size());
        }
        for (byte[] token : upload) {
            if (token.length == 0 || token.length > LONGEST_TOKEN) {
                throw new IllegalArgumentException("a token must have 1 to " + LONGEST_TOKEN + " bytes");
            }
        }
        return upload.stream().map(byte[]::clone).toList();
    }

    /**
     * Tells whether the issuer keeps its books elsewhere.
     *
     * @return true if accepted tokens are still to be redeemed by the issuer
     */
    public boolean remote() {
        return exposureLimit != null;
    }

    /** Leaves the tokens out: whoever has one may spend it. */
    @Override
    public String toString() {
        return "TokenPayment[issuer=" + issuer + ", tokens=" + tokens.size() + ", value=" + value + ", remote="
                + remote() + "]";
    }
}
