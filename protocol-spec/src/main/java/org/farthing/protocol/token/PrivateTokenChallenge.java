package org.farthing.protocol.token;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.jspecify.annotations.Nullable;

/**
 * One challenge of the scheme {@code PrivateToken} (RFC 9577 section 2.1.2), of whatever token type.
 *
 * @param challenge base64url of a token challenge, without padding
 * @param tokenKey base64url of the key that must have signed the token, without padding, or null
 * @param maxAge seconds for which tokens are taken for it, or null
 */
public record PrivateTokenChallenge(
        String challenge,
        @Nullable String tokenKey,
        @Nullable Long maxAge) {

    /**
     * Checks the forms.
     *
     * @param challenge as described at the record
     * @param tokenKey as described at the record
     * @param maxAge as described at the record
     * @throws IllegalArgumentException if a text is no base64url or the age is negative
     */
    public PrivateTokenChallenge {
        try {
            Base64Url.requireCanonical(challenge, "challenge");
            if (tokenKey != null) {
                Base64Url.requireCanonical(tokenKey, "token-key");
            }
            if (maxAge != null && maxAge < 0) {
                throw new MalformedException(Fault.VALUE, "max-age", "seconds are not negative");
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The challenge for tokens of one key.
     *
     * @param challenge what the tokens must be for
     * @param key the key that must have signed them
     * @param maxAge seconds for which they are taken
     * @return the challenge of the scheme
     */
    public static PrivateTokenChallenge of(TokenChallenge challenge, TokenKey key, long maxAge) {
        return new PrivateTokenChallenge(challenge.text(), Base64Url.encode(key.spki()), maxAge);
    }

    /**
     * Returns the token type.
     *
     * @return the first two bytes of the challenge
     * @throws MalformedException if it has fewer
     */
    public int tokenType() throws MalformedException {
        byte[] bytes = Base64Url.decode(challenge, "challenge");
        if (bytes.length < 2) {
            throw new MalformedException(Fault.SYNTAX, "challenge", "it ends too early");
        }
        return (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    }

    /**
     * Reads the challenge inside, of token type 2.
     *
     * @return what the tokens must be for
     * @throws MalformedException if it is of another type, or no token challenge
     */
    public TokenChallenge tokenChallenge() throws MalformedException {
        return TokenChallenge.parse(challenge);
    }
}
