package org.farthing.protocol.token;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * A token: 354 bytes that are worth their key's value to whoever shows them first (RFC 9577 section 2.2, RFC 9578 section
 * 6.4; F-TK-5). Reading one says nothing about its worth: see {@link TokenKey#verify}.
 */
public final class BlindToken {

    /** Bytes of a token. */
    public static final int LENGTH = 354;

    /** Bytes of it that the authenticator signs. */
    static final int SIGNED = 2 + TokenBytes.NONCE + 2 * TokenBytes.DIGEST;

    private static final String WHERE = "tokens";
    private static final int DIGEST_AT = 2 + TokenBytes.NONCE;
    private static final int KEY_AT = DIGEST_AT + TokenBytes.DIGEST;

    private final byte[] bytes;
    private final TokenSerial serial;

    private BlindToken(byte[] bytes) {
        this.bytes = bytes;
        this.serial = TokenSerial.of(keyId(), nonce());
    }

    /**
     * Reads one token.
     *
     * @param bytes 354 bytes
     * @return the token
     * @throws MalformedException if there are more or fewer, or it is of another type
     */
    public static BlindToken parse(byte[] bytes) throws MalformedException {
        TokenBytes.requireLength(bytes, LENGTH, WHERE);
        TokenBytes.requireType(bytes, WHERE);
        return new BlindToken(bytes.clone());
    }

    /**
     * Reads tokens written one after the other.
     *
     * @param base64url base64url of all of them, without padding
     * @param max how many there may be
     * @return the tokens, at least one, each serial once
     * @throws MalformedException if it is not that, or a serial stands twice
     */
    public static List<BlindToken> parseAll(String base64url, int max) throws MalformedException {
        List<BlindToken> tokens = TokenBytes.parseAll(base64url, LENGTH, max, WHERE, BlindToken::parse);
        Set<TokenSerial> serials = new HashSet<>();
        for (BlindToken token : tokens) {
            if (!serials.add(token.serial)) {
                throw new MalformedException(Fault.DUPLICATE, WHERE, "a token stands twice");
            }
        }
        return tokens;
    }

    /**
     * Writes tokens one after the other.
     *
     * @param tokens the tokens
     * @return base64url without padding: as good as money
     */
    public static String formatAll(List<BlindToken> tokens) {
        return TokenBytes.format(tokens.stream().map(token -> token.bytes).toList());
    }

    static BlindToken of(byte[] signed, byte[] authenticator) {
        byte[] bytes = Arrays.copyOf(signed, LENGTH);
        System.arraycopy(authenticator, 0, bytes, SIGNED, TokenBytes.NK);
        return new BlindToken(bytes);
    }

    /** What is signed: type, nonce, challenge digest, key id. */
    static byte[] signed(byte[] nonce, byte[] challengeDigest, byte[] keyId) {
        byte[] signed = new byte[SIGNED];
        signed[1] = TokenBytes.TYPE;
        System.arraycopy(nonce, 0, signed, 2, TokenBytes.NONCE);
        System.arraycopy(challengeDigest, 0, signed, DIGEST_AT, TokenBytes.DIGEST);
        System.arraycopy(keyId, 0, signed, KEY_AT, TokenBytes.DIGEST);
        return signed;
    }

    /**
     * Returns the token itself.
     *
     * @return 354 bytes, as good as money
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the client's random part.
     *
     * @return 32 bytes
     */
    public byte[] nonce() {
        return Arrays.copyOfRange(bytes, 2, DIGEST_AT);
    }

    /**
     * Returns the hash of what the token is for.
     *
     * @return 32 bytes
     */
    public byte[] challengeDigest() {
        return Arrays.copyOfRange(bytes, DIGEST_AT, KEY_AT);
    }

    /**
     * Tells whether the token is for a challenge.
     *
     * @param challenge the challenge
     * @return whether its digest stands in the token
     */
    public boolean isFor(TokenChallenge challenge) {
        return challenge.hasDigest(bytes, DIGEST_AT);
    }

    /**
     * Returns the id of the key that signed it.
     *
     * @return 32 bytes
     */
    public byte[] keyId() {
        return Arrays.copyOfRange(bytes, KEY_AT, SIGNED);
    }

    /** Compares without a copy. */
    boolean hasKeyId(byte[] id) {
        return Arrays.equals(bytes, KEY_AT, SIGNED, id, 0, id.length);
    }

    /**
     * Returns the signature.
     *
     * @return 256 bytes
     */
    public byte[] authenticator() {
        return Arrays.copyOfRange(bytes, SIGNED, LENGTH);
    }

    /** For verifying without a copy. */
    byte[] shared() {
        return bytes;
    }

    /**
     * Returns the name under which it is remembered.
     *
     * @return the serial
     */
    public TokenSerial serial() {
        return serial;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlindToken that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return serial.hashCode();
    }

    /** The serial only: the token is money. */
    @Override
    public String toString() {
        return "BlindToken[serial=" + serial.text() + "]";
    }
}
