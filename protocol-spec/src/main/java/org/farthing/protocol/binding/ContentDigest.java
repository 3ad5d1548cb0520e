package org.farthing.protocol.binding;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Sha256;

/**
 * The SHA-256 of a message body, as it stands in the {@code Content-Digest} field (RFC 9530) and in a challenge's
 * {@code digest} slot (F-BI-40 to F-BI-46 in spec/binding.md).
 *
 * <p>Written always as {@code sha-256=:…:}. In a slot the form without colons is read too, because two implementations in
 * the field write it so.
 *
 * @param base64 the digest in standard base64, 44 characters
 */
public record ContentDigest(String base64) {

    private static final String ALGORITHM = "sha-256";
    private static final int BASE64_LENGTH = 44;

    /**
     * Checks that the text is the one base64 form of 32 bytes.
     *
     * @param base64 the digest in standard base64
     * @throws IllegalArgumentException if it is not
     */
    public ContentDigest {
        if (!isDigest(base64)) {
            throw new IllegalArgumentException("a SHA-256 digest is 32 bytes in canonical padded base64");
        }
    }

    /**
     * The digest of a body.
     *
     * @param body the content, after content coding, as RFC 9530 says
     * @return its digest
     */
    public static ContentDigest of(byte[] body) {
        return ofHash(Sha256.of(body));
    }

    /**
     * Reads the values of a {@code Content-Digest} field: a dictionary with any number of algorithms on any number of
     * lines, of which only {@code sha-256} counts (RFC 9530 section 5 deprecates the weaker ones).
     *
     * @param fieldValues the field's values in order; an empty list means the field is absent
     * @return the sha-256 digest, or empty if there is none
     * @throws MalformedException if a value is no dictionary of byte sequences, or two different sha-256 digests stand there
     */
    public static Optional<ContentDigest> parseField(List<String> fieldValues) throws MalformedException {
        ContentDigest found = null;
        for (String value : fieldValues) {
            for (DigestField.Member member : DigestField.parse(value)) {
                if (!member.algorithm().equals(ALGORITHM)) {
                    continue;
                }
                ContentDigest next = checked(member.base64(), DigestField.NAME);
                if (found != null && !found.equals(next)) {
                    throw new MalformedException(Fault.DUPLICATE, DigestField.NAME, "two different sha-256 digests");
                }
                found = next;
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * Reads a challenge's {@code digest} slot.
     *
     * @param slot {@code sha-256=:…:} or {@code sha-256=…}
     * @return the digest
     * @throws MalformedException if it is anything else
     */
    public static ContentDigest parseSlot(String slot) throws MalformedException {
        String prefix = ALGORITHM + '=';
        if (!slot.startsWith(prefix)) {
            throw new MalformedException(Fault.VALUE, "digest", "only sha-256 is supported");
        }
        String value = slot.substring(prefix.length());
        boolean colons = value.length() == BASE64_LENGTH + 2 && value.startsWith(":") && value.endsWith(":");
        return checked(colons ? value.substring(1, value.length() - 1) : value, "digest");
    }

    /**
     * Starts the digest of a body that arrives in pieces.
     *
     * @return an accumulator for one body
     */
    public static Accumulator accumulator() {
        return new Accumulator();
    }

    /**
     * The form for both the header field and the slot.
     *
     * @return {@code sha-256=:…:}
     */
    public String format() {
        return ALGORITHM + "=:" + base64 + ':';
    }

    /**
     * Tells whether a body has this digest.
     *
     * @param body the content
     * @return true if it has
     */
    public boolean matches(byte[] body) {
        return equals(of(body));
    }

    private static ContentDigest ofHash(byte[] hash) {
        return new ContentDigest(Base64.getEncoder().encodeToString(hash));
    }

    private static ContentDigest checked(String base64, String where) throws MalformedException {
        if (!isDigest(base64)) {
            throw new MalformedException(
                    Fault.ENCODING, where, "a sha-256 digest is 32 bytes in canonical padded base64");
        }
        return new ContentDigest(base64);
    }

    private static boolean isDigest(String base64) {
        if (base64.length() != BASE64_LENGTH) {
            return false;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            // Encoding again finds trailing bits that are not zero, which the decoder lets pass.
            return bytes.length == 32
                    && Base64.getEncoder().encodeToString(bytes).equals(base64);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Takes a body piece by piece. For one body and one thread at a time. */
    public static final class Accumulator {

        /** The running digest. */
        private final MessageDigest digest = Sha256.digest();

        private Accumulator() {}

        /**
         * Adds a piece.
         *
         * @param bytes the piece; its position moves to its limit
         */
        public void update(ByteBuffer bytes) {
            digest.update(bytes);
        }

        /**
         * Adds a piece.
         *
         * @param bytes where the piece is
         * @param offset where it starts
         * @param length how long it is
         */
        public void update(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        /**
         * Ends the body; the accumulator is then ready for another one.
         *
         * @return the digest of all pieces
         */
        public ContentDigest finish() {
            return ofHash(digest.digest());
        }
    }
}
