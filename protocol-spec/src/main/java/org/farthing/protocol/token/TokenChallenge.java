package org.farthing.protocol.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;

/**
 * What a token is for: who issues it and who may take it (RFC 9577 section 2.1.1; F-TK-2, F-TK-3). Its hash is inside
 * every token. Ours have no redemption context, so that tokens can be bought ahead of any request.
 */
public final class TokenChallenge {

    private static final String WHERE = "tokenChallenge";
    private static final int CONTEXT = 32;
    private static final int MAX_BYTES = 8 * 1024;

    /** The type, and the lengths of the three members. */
    private static final int AROUND = 2 + 2 + 1 + 2;

    private final String issuerName;
    private final byte[] redemptionContext;
    private final String originInfo;
    private final byte[] bytes;
    private final byte[] digest;

    /**
     * Makes a challenge.
     *
     * @param issuerName the issuer's authority, {@code host[:port]}
     * @param redemptionContext empty, or 32 bytes
     * @param originInfo the authorities that may take the token, separated by commas; empty for anybody
     * @throws IllegalArgumentException if the issuer is not named, a name is not printable ASCII, the context has
     *     another length, or all of it is longer than 8192 bytes
     */
    public TokenChallenge(String issuerName, byte[] redemptionContext, String originInfo) {
        try {
            requireName(issuerName, "issuer_name");
            requireName(originInfo, "origin_info");
            if (issuerName.isEmpty()) {
                throw new MalformedException(Fault.MISSING, WHERE + ".issuer_name", "an issuer is needed");
            }
            if (redemptionContext.length != 0 && redemptionContext.length != CONTEXT) {
                throw new MalformedException(Fault.VALUE, WHERE + ".redemption_context", "0 or 32 bytes are needed");
            }
            requireSize(AROUND + issuerName.length() + redemptionContext.length + originInfo.length());
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        this.issuerName = issuerName;
        this.redemptionContext = redemptionContext.clone();
        this.originInfo = originInfo;
        this.bytes = write();
        this.digest = Sha256.of(bytes);
    }

    /**
     * The challenge of the tokens that one payee alone takes: the default.
     *
     * @param issuer who issues them
     * @param payee who takes them
     * @return the challenge
     */
    public static TokenChallenge forPayee(Origin issuer, Origin payee) {
        return new TokenChallenge(issuer.realm(), new byte[0], payee.realm());
    }

    /**
     * The challenge of tokens that any payee may take which asks the issuer before it serves (T57).
     *
     * @param issuer who issues them
     * @return the challenge
     */
    public static TokenChallenge anyPayee(Origin issuer) {
        return new TokenChallenge(issuer.realm(), new byte[0], "");
    }

    /**
     * Reads the structure.
     *
     * @param bytes all of it
     * @return the challenge
     * @throws MalformedException if it is of another token type, too short, too long, or breaks a rule of its members
     */
    public static TokenChallenge parse(byte[] bytes) throws MalformedException {
        requireSize(bytes.length);
        if (bytes.length < 2) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "it ends too early");
        }
        TokenBytes.requireType(bytes, WHERE + ".token_type");
        Reader reader = new Reader(bytes);
        byte[] issuer = reader.take(2);
        byte[] context = reader.take(1);
        byte[] origins = reader.take(2);
        if (reader.at != bytes.length) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "something follows it");
        }
        try {
            return new TokenChallenge(latin(issuer), context, latin(origins));
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof MalformedException fault
                    ? fault
                    : new MalformedException(Fault.VALUE, WHERE, "members that break its rules");
        }
    }

    /**
     * Reads base64url of the structure.
     *
     * @param base64url without padding
     * @return the challenge
     * @throws MalformedException as {@link #parse(byte[])}, or if it is no canonical base64url
     */
    public static TokenChallenge parse(String base64url) throws MalformedException {
        return parse(Base64Url.decode(base64url, WHERE));
    }

    /** Takes members that say their own length. */
    private static final class Reader {
        private final byte[] bytes;
        private int at = 2;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] take(int prefix) throws MalformedException {
            int length = 0;
            for (int i = 0; i < prefix; i++) {
                length = length << 8 | (at < bytes.length ? bytes[at] & 0xff : MAX_BYTES);
                at++;
            }
            if (length > bytes.length - at) {
                throw new MalformedException(Fault.SYNTAX, WHERE, "it ends too early");
            }
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }
    }

    /** A byte beyond ASCII becomes a character that {@link #requireName} refuses. */
    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void requireSize(int bytes) throws MalformedException {
        if (bytes > MAX_BYTES) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE, "more than " + MAX_BYTES + " bytes");
        }
    }

    private static void requireName(String name, String member) throws MalformedException {
        if (name.length() > MAX_BYTES / 2) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE + "." + member, "more than 4096 characters");
        }
        if (!name.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new MalformedException(Fault.VALUE, WHERE + "." + member, "printable ASCII is needed");
        }
    }

    private byte[] write() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(TokenBytes.TYPE);
        writeName(out, issuerName);
        out.write(redemptionContext.length);
        out.writeBytes(redemptionContext);
        writeName(out, originInfo);
        return out.toByteArray();
    }

    private static void writeName(ByteArrayOutputStream out, String name) {
        out.write(name.length() >> 8);
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns who issues the tokens.
     *
     * @return an authority, {@code host[:port]}
     */
    public String issuerName() {
        return issuerName;
    }

    /**
     * Returns what ties a token to a moment, for challenges of others.
     *
     * @return 32 bytes, or none
     */
    public byte[] redemptionContext() {
        return redemptionContext.clone();
    }

    /**
     * Returns who may take the tokens.
     *
     * @return authorities separated by commas; empty for anybody
     */
    public String originInfo() {
        return originInfo;
    }

    /**
     * Tells whether an origin is named as one that may take the tokens, in letters of any case (RFC 9577 section 2.1.3).
     *
     * @param payee the origin
     * @return true if it is named; false for everybody if {@link #isForAnyPayee}
     */
    public boolean isFor(Origin payee) {
        return !originInfo.isEmpty()
                && Stream.of(originInfo.split(",", -1)).anyMatch(name -> name.equalsIgnoreCase(payee.realm()));
    }

    /**
     * Tells whether no payee is named, so that the issuer must be asked before anything is served (T57).
     *
     * @return true for {@link #anyPayee}
     */
    public boolean isForAnyPayee() {
        return originInfo.isEmpty();
    }

    /**
     * Returns the structure.
     *
     * @return its bytes
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the structure for JSON.
     *
     * @return base64url without padding
     */
    public String text() {
        return Base64Url.encode(bytes);
    }

    /**
     * Returns what stands in the tokens.
     *
     * @return SHA-256 of the structure, 32 bytes
     */
    public byte[] digest() {
        return digest.clone();
    }

    /** Compares with the digest in a token without a copy. */
    boolean hasDigest(byte[] token, int at) {
        return Arrays.equals(digest, 0, digest.length, token, at, at + digest.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenChallenge that && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    /** Whose and for whom: both are public. */
    @Override
    public String toString() {
        return "TokenChallenge[issuer=" + issuerName + ", origins=" + originInfo + "]";
    }
}
