package org.farthing.protocol.wallet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.internal.Utf8;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * The payee's signed word that it charged nothing for a challenge and never will. It stands in the problem member
 * {@code release}, or in the field {@code Payment-Release}; a payer may show it to the wallet service that holds the money.
 *
 * @param challengeId the challenge
 * @param recipient the payee, an origin
 * @param timestamp when it was released, an RFC 3339 time as it came
 * @param serials for a payment with bearer tokens the serials of what was presented, apart by single spaces, so that none of
 *     them can be collected for it (F-OU-25); null for all others
 * @param jws the payee's detached signature over the other members and {@code "outcome":"released"}
 */
public record ReleaseStatement(
        String challengeId,
        String recipient,
        String timestamp,
        @Nullable String serials,
        String jws) {

    private static final String WHERE = "release";
    private static final int LONGEST_FIELD = 4096;
    private static final String RELEASED = "released";
    private static final String SERIALS = "serials";
    private static final Set<String> NAMES = Set.of("challengeId", "outcome", "recipient", "timestamp", SERIALS, "jws");

    /** As many as the largest credential has. */
    private static final Pattern SERIAL_LIST =
            Pattern.compile("[A-Za-z0-9_-]{21}[AQgw](?: [A-Za-z0-9_-]{21}[AQgw]){0,31}");

    /**
     * Makes and signs a statement.
     *
     * @param key a key with the role {@code release}
     * @param challengeId the challenge that was not charged
     * @param recipient the payee
     * @param at when it was released; written in whole seconds
     * @return the statement
     * @throws IllegalArgumentException if the key lacks the role
     */
    public static ReleaseStatement sign(SigningKey key, String challengeId, Origin recipient, Instant at) {
        return sign(key, challengeId, recipient, at, List.of());
    }

    /**
     * Makes and signs a statement about a payment with bearer tokens.
     *
     * @param key a key with the role {@code release}
     * @param challengeId the challenge that was not charged
     * @param recipient the payee
     * @param at when it was released; written in whole seconds
     * @param serials the serials of the tokens that were presented; none for other payments
     * @return the statement
     * @throws IllegalArgumentException if the key lacks the role, or a serial is none
     */
    public static ReleaseStatement sign(
            SigningKey key, String challengeId, Origin recipient, Instant at, List<String> serials) {
        String timestamp = Rfc3339.format(at);
        String listed = serials.isEmpty() ? null : String.join(" ", serials);
        if (listed != null && !SERIAL_LIST.matcher(listed).matches()) {
            throw new IllegalArgumentException("a serial has 22 characters of base64url, and 32 are listed at most");
        }
        String payload = signedPayload(challengeId, recipient.text(), timestamp, listed);
        return new ReleaseStatement(
                challengeId, recipient.text(), timestamp, listed, DetachedJws.sign(key, ArtifactType.RELEASE, payload));
    }

    /**
     * Reads a statement without verifying it. Further members are refused: they would look signed and are not (F-OU-20).
     *
     * @param members the problem member {@code release}
     * @return the statement
     * @throws MalformedException if a member is missing, wrong or one too many, or the outcome is another one
     */
    public static ReleaseStatement parse(Map<String, ? extends @Nullable Object> members) throws MalformedException {
        for (String name : members.keySet()) {
            if (!NAMES.contains(name)) {
                throw new MalformedException(
                        Fault.VALUE, WHERE, "five members are needed, serials may be there, and no more");
            }
        }
        Members release = new Members(members, WHERE);
        if (!release.text("outcome").equals(RELEASED)) {
            throw new MalformedException(Fault.VALUE, WHERE + ".outcome", "only a release has such a statement");
        }
        String recipient = release.text("recipient");
        Body.requireOrigin(recipient, WHERE + ".recipient");
        String timestamp = release.text("timestamp");
        Rfc3339.parse(timestamp, WHERE + ".timestamp");
        return new ReleaseStatement(
                release.text("challengeId"), recipient, timestamp, serials(members), release.text("jws"));
    }

    private static @Nullable String serials(Map<String, ? extends @Nullable Object> members) throws MalformedException {
        if (!members.containsKey(SERIALS)) {
            return null;
        }
        if (members.get(SERIALS) instanceof String listed
                && SERIAL_LIST.matcher(listed).matches()) {
            return listed;
        }
        throw new MalformedException(
                Fault.VALUE, WHERE + "." + SERIALS, "1 to 32 serials of 22 characters, apart by single spaces");
    }

    /**
     * Returns what was presented for the challenge.
     *
     * @return the serials of bearer tokens; empty for all other payments
     */
    public List<String> serialList() {
        return serials == null ? List.of() : List.of(serials.split(" ", -1));
    }

    /**
     * Reads a statement from its JSON text.
     *
     * @param json the statement as {@link #format()} writes it
     * @return the statement
     * @throws MalformedException as {@link #parse(Map)}
     */
    public static ReleaseStatement parse(String json) throws MalformedException {
        return parse(StrictJson.parseObject(json, WHERE, StrictJson.Limits.FIELD));
    }

    /**
     * The problem member.
     *
     * @return {@code challengeId}, {@code outcome}, {@code recipient}, {@code timestamp}, {@code serials} if there are any,
     *     and {@code jws}
     */
    public Map<String, Object> toMembers() {
        Map<String, Object> members = members(challengeId, recipient, timestamp, serials);
        members.put("jws", jws);
        return members;
    }

    /**
     * The statement as text, for files and requests.
     *
     * @return canonical JSON of {@link #toMembers()}
     */
    public String format() {
        return CanonicalJson.write(toMembers());
    }

    /**
     * Writes the statement as the field {@code Payment-Release} has it (F-OU-24).
     *
     * @return base64url of {@link #format()}
     */
    public String formatField() {
        return Base64Url.encodeUtf8(format());
    }

    /**
     * Reads the field {@code Payment-Release}.
     *
     * @param value the field's value
     * @return the statement, not verified
     * @throws MalformedException if it is no base64url, or not as {@link #parse(String)} wants it
     */
    public static ReleaseStatement parseField(String value) throws MalformedException {
        if (value.length() > LONGEST_FIELD) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE, "more than " + LONGEST_FIELD + " characters");
        }
        return parse(Utf8.decode(Base64Url.decode(value, WHERE), WHERE));
    }

    /**
     * Checks that the payee of a key document made this statement about a challenge.
     *
     * @param ofRecipient the key document fetched from the payee
     * @param expectedChallengeId the challenge the verifier paid
     * @param now the moment of acting
     * @throws SignatureRejectedException if the signature does not count, or the statement is about another challenge or
     *     payee
     */
    public void verify(KeyDirectory ofRecipient, String expectedChallengeId, Instant now)
            throws SignatureRejectedException {
        try {
            DetachedJws.verify(
                    jws,
                    ArtifactType.RELEASE,
                    signedPayload(challengeId, recipient, timestamp, serials),
                    ofRecipient.select(DetachedJws.kid(jws), ArtifactType.RELEASE, now));
        } catch (MalformedException e) {
            throw new SignatureRejectedException(Reason.MALFORMED, "not readable, " + e.getMessage());
        }
        if (!recipient.equals(ofRecipient.payee())) {
            throw new SignatureRejectedException(Reason.WRONG_RECIPIENT, "the signer is not the statement's payee");
        }
        if (!challengeId.equals(expectedChallengeId)) {
            throw new SignatureRejectedException(Reason.WRONG_CHALLENGE, "the statement is about another challenge");
        }
    }

    private static String signedPayload(
            String challengeId, String recipient, String timestamp, @Nullable String serials) {
        return CanonicalJson.write(members(challengeId, recipient, timestamp, serials));
    }

    private static Map<String, Object> members(
            String challengeId, String recipient, String timestamp, @Nullable String serials) {
        Map<String, Object> members = new TreeMap<>();
        members.put("challengeId", challengeId);
        members.put("outcome", RELEASED);
        members.put("recipient", recipient);
        members.put("timestamp", timestamp);
        if (serials != null) {
            members.put(SERIALS, serials);
        }
        return members;
    }
}
