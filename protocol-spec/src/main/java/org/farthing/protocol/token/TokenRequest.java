package org.farthing.protocol.token;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Sha256;

/**
 * What a client sends to have signed: the last byte of a key's id and a blinded message (RFC 9578 section 6.1; F-TK-9).
 */
public final class TokenRequest {

    /** Bytes of a request. */
    public static final int LENGTH = 2 + 1 + TokenBytes.NK;

    /** Bytes of {@link #messageHash}. */
    public static final int HASH_LENGTH = 16;

    private static final String WHERE = "requests";

    private final byte[] bytes;

    /**
     * Makes a request.
     *
     * @param truncatedKeyId the last byte of the key's id, 0 to 255
     * @param blinded the blinded message, 256 bytes
     * @throws IllegalArgumentException if one is out of its range
     */
    public TokenRequest(int truncatedKeyId, byte[] blinded) {
        if (truncatedKeyId < 0 || truncatedKeyId > 0xff || blinded.length != TokenBytes.NK) {
            throw new IllegalArgumentException("a byte and a message of " + TokenBytes.NK + " bytes are needed");
        }
        bytes = new byte[LENGTH];
        bytes[1] = TokenBytes.TYPE;
        bytes[2] = (byte) truncatedKeyId;
        System.arraycopy(blinded, 0, bytes, 3, TokenBytes.NK);
    }

    /**
     * Reads one request.
     *
     * @param bytes 259 bytes
     * @return the request
     * @throws MalformedException if there are more or fewer, or it is for another token type
     */
    public static TokenRequest parse(byte[] bytes) throws MalformedException {
        TokenBytes.requireLength(bytes, LENGTH, WHERE);
        TokenBytes.requireType(bytes, WHERE);
        return new TokenRequest(bytes[2] & 0xff, Arrays.copyOfRange(bytes, 3, LENGTH));
    }

    /**
     * Reads requests written one after the other.
     *
     * @param base64url base64url of all of them, without padding
     * @param max how many there may be
     * @return the requests, at least one, none twice
     * @throws MalformedException if it is not that, or a request stands twice
     */
    public static List<TokenRequest> parseAll(String base64url, int max) throws MalformedException {
        List<TokenRequest> requests = TokenBytes.parseAll(base64url, LENGTH, max, WHERE, TokenRequest::parse);
        Set<TokenRequest> seen = new HashSet<>();
        for (TokenRequest request : requests) {
            if (!seen.add(request)) {
                throw new MalformedException(Fault.DUPLICATE, WHERE, "a request stands twice");
            }
        }
        return requests;
    }

    /**
     * Writes requests one after the other.
     *
     * @param requests the requests
     * @return base64url without padding
     */
    public static String formatAll(List<TokenRequest> requests) {
        return TokenBytes.format(requests.stream().map(request -> request.bytes).toList());
    }

    /**
     * Returns which key is meant.
     *
     * @return the last byte of its id, 0 to 255
     */
    public int truncatedKeyId() {
        return bytes[2] & 0xff;
    }

    /**
     * Returns what is to be signed.
     *
     * @return 256 bytes
     */
    public byte[] blinded() {
        return Arrays.copyOfRange(bytes, 3, LENGTH);
    }

    /**
     * Returns the request itself.
     *
     * @return 259 bytes
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns what an issuer remembers of a message that it signed, so that it never sells one twice (F-TK-10).
     *
     * @param keyId the 32 bytes of the id of the key that signs it
     * @return the first 16 bytes of SHA-256 of key id and blinded message
     */
    public byte[] messageHash(byte[] keyId) {
        MessageDigest digest = Sha256.digest();
        digest.update(keyId);
        digest.update(bytes, 3, TokenBytes.NK);
        return Arrays.copyOf(digest.digest(), HASH_LENGTH);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenRequest that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Nothing of the message: who sees it here and at the issuer could join the two. */
    @Override
    public String toString() {
        return "TokenRequest[key=" + truncatedKeyId() + "]";
    }
}
