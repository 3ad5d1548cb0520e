package org.farthing.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.AuthScanner;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.FieldText;
import org.farthing.protocol.internal.JsonTree;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * A payer's answer to a challenge: the challenge echoed, and the proof of payment. It travels in
 * {@code Authorization: Payment <token68>}. Specification: credential.md (F-CR-1, F-CR-20 to F-CR-33).
 *
 * <p>A credential is worth money until its challenge is settled. {@link #toString()} shows neither the payload nor the
 * token; {@link #fingerprint()} is what may be logged.
 *
 * @param challenge the echoed challenge, without a signature: clients do not return that
 * @param source who pays, in JSON of the sender's making: informative only (F-CR-25); or null
 * @param payload the proof, in the form the method defines; a map that cannot be changed
 * @param token68 the text of the wire after the scheme; two credentials are the same if it is (F-CR-30)
 */
public record Credential(
        Challenge challenge, @Nullable Object source, Map<String, @Nullable Object> payload, String token68) {

    private static final String SCHEME = "Payment";

    /** Where faults are reported; the field itself may be Authorization or another one. */
    private static final String WHERE = "credential";

    /**
     * Copies the payload. {@link #parse} and {@link #of} are the ways to make a credential whose parts agree with its
     * token; this constructor does not compare them.
     *
     * @param challenge as described at the record
     * @param source as described at the record
     * @param payload as described at the record
     * @param token68 as described at the record
     * @throws IllegalArgumentException if the source or the payload is no JSON, or the token
     *     is empty or no canonical base64url
     */
    public Credential {
        source = JsonTree.copyValue(source);
        payload = JsonTree.copy(payload);
        try {
            Base64Url.requireCanonical(token68, "token68");
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (token68.isEmpty()) {
            throw new IllegalArgumentException("a credential is not empty");
        }
    }

    /**
     * Reads a field value that is exactly one Payment credential.
     *
     * @param fieldValue the value of {@code Authorization}, or of the field the challenge selected
     * @return the credential
     * @throws MalformedException if it is anything else
     */
    public static Credential parse(String fieldValue) throws MalformedException {
        FieldText.requireLength(fieldValue, WHERE);
        int start = SCHEME.length();
        if (!fieldValue.regionMatches(true, 0, SCHEME, 0, start) || !isSpace(fieldValue, start)) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "\"Payment\" and a space are needed");
        }
        while (isSpace(fieldValue, start)) {
            start++;
        }
        String token68 = fieldValue.substring(start);
        if (token68.isEmpty() || token68.indexOf(',') >= 0 || token68.indexOf(' ') >= 0 || token68.indexOf('\t') >= 0) {
            throw new MalformedException(Fault.SYNTAX, WHERE, "exactly one token is needed after the scheme");
        }
        Members envelope = new Members(
                StrictJson.parseObject(Base64Url.decode(token68, WHERE), WHERE, StrictJson.Limits.FIELD), WHERE);
        Challenge challenge = Challenge.ofEcho(envelope.object("challenge"), WHERE + ".challenge");
        return new Credential(challenge, envelope.map().get("source"), envelope.object("payload"), token68);
    }

    private static boolean isSpace(String text, int at) {
        return at < text.length() && text.charAt(at) == ' ';
    }

    /**
     * Makes a credential. The echo carries what the challenge bound, and its description; a signature is left out,
     * since no server may ask it back.
     *
     * @param challenge the challenge that is answered
     * @param source who pays, in JSON of the payer's making, such as the text of a DID; or null
     * @param payload the proof, in the form the method defines
     * @return the credential
     * @throws IllegalArgumentException if the source or the payload is no JSON, or the field would be longer than 16 KiB
     */
    public static Credential of(
            Challenge challenge, @Nullable Object source, Map<String, ? extends @Nullable Object> payload) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("challenge", challenge.echo());
        envelope.put("payload", payload);
        if (source != null) {
            envelope.put("source", source);
        }
        String token68 = Base64Url.encodeUtf8(CanonicalJson.write(envelope));
        if (SCHEME.length() + 1 + token68.length() > AuthScanner.MAX_FIELD) {
            throw new IllegalArgumentException("a credential of more than 16 KiB would be refused by every reader");
        }
        Challenge unsigned = new Challenge(challenge.id(), challenge.terms(), challenge.description(), null);
        return new Credential(unsigned, source, JsonTree.copy(payload), token68);
    }

    /**
     * Writes the field value.
     *
     * @return {@code Payment} and the token
     */
    public String format() {
        return SCHEME + " " + token68;
    }

    /**
     * Returns the hash by which a repeated credential is recognised, and the one thing about it that may be logged.
     *
     * @return base64url of the SHA-256 of the token
     */
    public String fingerprint() {
        return Sha256.base64url(token68);
    }

    /** Two credentials are the same if their tokens are: the token holds everything else. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Credential that && token68.equals(that.token68);
    }

    @Override
    public int hashCode() {
        return token68.hashCode();
    }

    /** Shows the challenge id, the method and the fingerprint; never the payload or the token. */
    @Override
    public String toString() {
        return "Credential[challenge=" + challenge.id() + ", method=" + challenge.method() + ", fingerprint="
                + fingerprint() + "]";
    }
}
