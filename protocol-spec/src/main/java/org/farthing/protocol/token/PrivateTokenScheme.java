package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.AuthScanner;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.FieldText;
import org.jspecify.annotations.Nullable;

/**
 * The scheme {@code PrivateToken} of RFC 9577, for clients that know nothing of payments: one token, no amount, no
 * receipt. A route may offer it beside {@code Payment} when its price is one token (F-TK-17).
 */
public final class PrivateTokenScheme {

    /** The name of the scheme. */
    public static final String NAME = "PrivateToken";

    private static final String LOWER = NAME.toLowerCase(Locale.ROOT);
    private static final String AUTHORIZATION = "Authorization";
    private static final String WWW_AUTHENTICATE = "WWW-Authenticate";
    private static final int MAX_AGE_DIGITS = 15;

    /** As many as of the scheme Payment. */
    private static final int MAX_CHALLENGES = 64;

    private PrivateTokenScheme() {}

    /**
     * Writes a challenge.
     *
     * @param challenge the challenge
     * @return a {@code WWW-Authenticate} field value
     */
    public static String format(PrivateTokenChallenge challenge) {
        StringBuilder field = new StringBuilder(NAME).append(' ');
        FieldText.appendQuoted(field, "challenge", padded(challenge.challenge()));
        if (challenge.tokenKey() != null) {
            FieldText.appendQuoted(field.append(", "), "token-key", padded(challenge.tokenKey()));
        }
        if (challenge.maxAge() != null) {
            field.append(", max-age=").append(challenge.maxAge());
        }
        return field.toString();
    }

    /**
     * Reads the first 64 challenges of this scheme; those of other schemes, unknown parameters and malformed ones are
     * skipped.
     *
     * @param fieldValues the values of all {@code WWW-Authenticate} fields
     * @return the challenges, of any token type, in their order
     */
    public static List<PrivateTokenChallenge> parseChallenges(List<String> fieldValues) {
        List<PrivateTokenChallenge> challenges = new ArrayList<>();
        for (String value : fieldValues) {
            for (AuthScanner.Scanned scanned : AuthScanner.scan(value, WWW_AUTHENTICATE)) {
                PrivateTokenChallenge challenge = challenge(scanned);
                if (challenge != null && challenges.size() < MAX_CHALLENGES) {
                    challenges.add(challenge);
                }
            }
        }
        return List.copyOf(challenges);
    }

    private static @Nullable PrivateTokenChallenge challenge(AuthScanner.Scanned scanned) {
        String challenge = scanned.params().get("challenge");
        if (!scanned.scheme().equals(LOWER) || scanned.fault() != null || challenge == null) {
            return null;
        }
        String tokenKey = scanned.params().get("token-key");
        String maxAge = scanned.params().get("max-age");
        try {
            return new PrivateTokenChallenge(
                    bare(challenge, "challenge"),
                    tokenKey == null ? null : bare(tokenKey, "token-key"),
                    maxAge == null ? null : seconds(maxAge));
        } catch (MalformedException e) {
            return null;
        }
    }

    /**
     * Tells whether an {@code Authorization} field is of this scheme.
     *
     * @param fieldValue its value
     * @return whether it begins with the scheme's name, in letters of any case
     */
    public static boolean isPrivateToken(String fieldValue) {
        int length = NAME.length();
        return fieldValue.length() > length
                && fieldValue.charAt(length) == ' '
                && fieldValue.regionMatches(true, 0, NAME, 0, length);
    }

    /**
     * Writes a token as a credential.
     *
     * @param token the token
     * @return an {@code Authorization} field value: as good as money
     */
    public static String format(BlindToken token) {
        StringBuilder field = new StringBuilder(NAME).append(' ');
        FieldText.appendQuoted(field, "token", TokenForms.padded(token.bytes()));
        return field.toString();
    }

    /**
     * Reads a credential. Unknown parameters are ignored.
     *
     * @param fieldValue the value of one {@code Authorization} field
     * @return the token, not verified
     * @throws MalformedException if it is not this scheme with one token of type 2
     */
    public static BlindToken parseCredential(String fieldValue) throws MalformedException {
        List<AuthScanner.Scanned> scanned = AuthScanner.scan(fieldValue, AUTHORIZATION);
        if (scanned.size() != 1 || !scanned.get(0).scheme().equals(LOWER)) {
            throw new MalformedException(Fault.SYNTAX, AUTHORIZATION, "one credential of PrivateToken is needed");
        }
        MalformedException fault = scanned.get(0).fault();
        if (fault != null) {
            throw fault;
        }
        String token = scanned.get(0).params().get("token");
        if (token == null) {
            throw new MalformedException(Fault.MISSING, AUTHORIZATION + ".token", "a token is needed");
        }
        return BlindToken.parse(TokenForms.paddedOrNot(token, AUTHORIZATION + ".token"));
    }

    private static String bare(String text, String where) throws MalformedException {
        return Base64Url.encode(TokenForms.paddedOrNot(text, where));
    }

    private static String padded(String bare) {
        return bare + "=".repeat((4 - bare.length() % 4) % 4);
    }

    private static long seconds(String text) throws MalformedException {
        if (text.isEmpty() || text.length() > MAX_AGE_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException(Fault.VALUE, "max-age", "whole seconds are needed");
        }
        return Long.parseLong(text);
    }
}
