package org.farthing.protocol.token;

import java.util.Arrays;
import java.util.List;
import org.farthing.protocol.MalformedException;

/** A blind signature, which only the client that blinded the message can make a token of (RFC 9578 section 6.2; F-TK-11). */
public final class TokenResponse {

    /** Bytes of a response. */
    public static final int LENGTH = TokenBytes.NK;

    private static final String WHERE = "responses";

    private final byte[] bytes;

    /**
     * Makes a response.
     *
     * @param blindSignature 256 bytes
     * @throws IllegalArgumentException if there are more or fewer
     */
    public TokenResponse(byte[] blindSignature) {
        if (blindSignature.length != LENGTH) {
            throw new IllegalArgumentException(LENGTH + " bytes are needed");
        }
        bytes = blindSignature.clone();
    }

    /**
     * Reads one response.
     *
     * @param bytes 256 bytes
     * @return the response
     * @throws MalformedException if there are more or fewer
     */
    public static TokenResponse parse(byte[] bytes) throws MalformedException {
        TokenBytes.requireLength(bytes, LENGTH, WHERE);
        return new TokenResponse(bytes);
    }

    /**
     * Reads responses written one after the other.
     *
     * @param base64url base64url of all of them, without padding
     * @param max how many there may be
     * @return the responses, at least one
     * @throws MalformedException if it is not that
     */
    public static List<TokenResponse> parseAll(String base64url, int max) throws MalformedException {
        return TokenBytes.parseAll(base64url, LENGTH, max, WHERE, TokenResponse::parse);
    }

    /**
     * Writes responses one after the other.
     *
     * @param responses the responses
     * @return base64url without padding
     */
    public static String formatAll(List<TokenResponse> responses) {
        return TokenBytes.format(
                responses.stream().map(response -> response.bytes).toList());
    }

    /**
     * Returns the blind signature.
     *
     * @return 256 bytes
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenResponse that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Nothing of the signature. */
    @Override
    public String toString() {
        return "TokenResponse[" + LENGTH + " bytes]";
    }
}
