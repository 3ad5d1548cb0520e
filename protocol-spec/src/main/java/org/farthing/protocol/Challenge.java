package org.farthing.protocol;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.AuthScanner;
import org.farthing.protocol.internal.AuthScanner.Scanned;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.FieldText;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * A payee's offer: pay this, to me, for this request, until then. It travels in {@code WWW-Authenticate: Payment …} of a
 * 402 answer. Specification: challenge.md (F-CH-1 to F-CH-31).
 *
 * <p>A challenge that parsed is well formed and nothing more. It may have expired, ask too much, or come from somebody
 * else: the signature (package {@code signature}), the binding (package {@code binding}) and the payer's policy decide.
 *
 * @param id what the server recognises its own challenge by, not empty
 * @param terms what the id and the signature cover
 * @param description a text for people; neither bound nor signed, so nothing may depend on it (S20, C5)
 * @param jws the payee's signature over {@link #signedPayload()}, or null
 */
public record Challenge(
        String id,
        ChallengeTerms terms,
        @Nullable String description,
        @Nullable String jws) {

    /** The scheme, in the lower case in which the scanner reports it. */
    private static final String SCHEME = "payment";

    private static final String FIELD = "WWW-Authenticate";

    /** The members of an echo; a signature is none of them (F-CR-23). */
    private static final List<String> ECHOED = List.of(
            "id", "realm", "method", "intent", "request", "expires", "digest", "opaque", "header", "description");

    /** Payment challenges that are read from one answer; more are left unread (F-CH-26). */
    private static final int MAX_CHALLENGES = 64;

    /**
     * The outcome of reading several field values: the good challenges, in the order of the answer, and why each other
     * one was skipped (a malformed challenge does not hide a good one beside it).
     *
     * @param challenges the well-formed challenges
     * @param rejected one fault for each malformed one
     */
    public record Parsed(List<Challenge> challenges, List<MalformedException> rejected) {

        /**
         * Copies the lists.
         *
         * @param challenges as described at the record
         * @param rejected as described at the record
         */
        public Parsed {
            challenges = List.copyOf(challenges);
            rejected = List.copyOf(rejected);
        }
    }

    /**
     * Refuses a challenge that could not be sent.
     *
     * @param id as described at the record
     * @param terms as described at the record
     * @param description as described at the record
     * @param jws as described at the record
     * @throws IllegalArgumentException if the id is empty, or a text holds a control character
     */
    public Challenge {
        try {
            ChallengeTerms.check("id", id);
            ChallengeTerms.checkOptional("description", description);
            ChallengeTerms.checkOptional("jws", jws);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads a field value that holds exactly one Payment challenge; challenges of other schemes beside it are ignored.
     *
     * @param fieldValue a value of {@code WWW-Authenticate}
     * @return the challenge
     * @throws MalformedException if there is no Payment challenge, more than one, or it is malformed
     */
    public static Challenge parse(String fieldValue) throws MalformedException {
        Parsed parsed = parseAll(List.of(fieldValue));
        if (!parsed.rejected().isEmpty()) {
            throw parsed.rejected().get(0);
        }
        int found = parsed.challenges().size();
        if (found != 1) {
            throw new MalformedException(
                    found == 0 ? Fault.MISSING : Fault.DUPLICATE, FIELD, "exactly one Payment challenge is needed");
        }
        return parsed.challenges().get(0);
    }

    /**
     * Reads the Payment challenges of an answer, at most 64. Other schemes are passed over; nothing is thrown.
     *
     * @param fieldValues all values of {@code WWW-Authenticate}, in their order
     * @return what could be read, and why the rest could not
     */
    public static Parsed parseAll(List<String> fieldValues) {
        List<Challenge> challenges = new ArrayList<>();
        List<MalformedException> rejected = new ArrayList<>();
        for (String fieldValue : fieldValues) {
            for (Scanned scanned : AuthScanner.scan(fieldValue, FIELD)) {
                boolean ownerless = scanned.scheme().isEmpty();
                if (!ownerless && !scanned.scheme().equals(SCHEME)) {
                    continue;
                }
                if (challenges.size() + rejected.size() == MAX_CHALLENGES) {
                    return new Parsed(challenges, rejected);
                }
                try {
                    challenges.add(read(scanned));
                } catch (MalformedException e) {
                    rejected.add(e);
                }
            }
        }
        return new Parsed(challenges, rejected);
    }

    private static Challenge read(Scanned scanned) throws MalformedException {
        if (scanned.fault() != null) {
            throw scanned.fault();
        }
        if (scanned.token68() != null) {
            throw new MalformedException(Fault.SYNTAX, FIELD, "a token where the parameters of a challenge are needed");
        }
        return of(scanned.params(), "");
    }

    /**
     * Builds a challenge from the parameters of a field or the members of an echo, checking each; {@code at} stands
     * before the names in a fault.
     */
    static Challenge of(Map<String, String> params, String at) throws MalformedException {
        String id = ChallengeTerms.check(at + "id", params.get("id"));
        String realm = ChallengeTerms.requireRealm(at + "realm", params.get("realm"));
        String method = ChallengeTerms.requireMethod(at + "method", params.get("method"));
        String intent = ChallengeTerms.requireIntent(at + "intent", params.get("intent"));
        String request = ChallengeTerms.check(at + "request", params.get("request"));
        decode(request, at + "request");
        String expires = params.get("expires");
        if (expires != null) {
            Rfc3339.parse(expires, at + "expires");
        }
        String digest = ChallengeTerms.checkOptional(at + "digest", params.get("digest"));
        String opaque = ChallengeTerms.checkOptional(at + "opaque", params.get("opaque"));
        String header = ChallengeTerms.requireHeader(at + "header", params.get("header"));
        String description = ChallengeTerms.checkOptional(at + "description", params.get("description"));
        String jws = ChallengeTerms.checkOptional(at + "jws", params.get("jws"));
        ChallengeTerms terms = new ChallengeTerms(realm, method, intent, request, expires, digest, opaque, header);
        return new Challenge(id, terms, description, jws);
    }

    /**
     * Reads a challenge from the members in which payers echo it (F-CR-23): a credential carries them, and what a payer
     * submits to a wallet service. A signature is none of them.
     *
     * @param members the members; others than those of a challenge are ignored
     * @param where the place of the object, for faults
     * @return the challenge, without a signature
     * @throws MalformedException if a member is missing, of another type or malformed
     */
    public static Challenge ofEcho(Map<String, ? extends @Nullable Object> members, String where)
            throws MalformedException {
        Members echo = new Members(members, where);
        Map<String, String> params = new HashMap<>(32);
        for (String name : ECHOED) {
            String value = echo.optionalText(name);
            if (value != null) {
                params.put(name, value);
            }
        }
        return of(params, where + ".");
    }

    private static Map<String, @Nullable Object> decode(String request, String where) throws MalformedException {
        return StrictJson.parseObject(Base64Url.decode(request, where), where, StrictJson.Limits.FIELD);
    }

    /**
     * Writes the value of {@code WWW-Authenticate}. An expired challenge is written too: refusing it is the client's
     * policy, not the codec's.
     *
     * @return the field value, ASCII only
     * @throws IllegalArgumentException if a text holds anything but printable ASCII, or {@code header} is another field
     *     than {@code Payment-Authorization}
     */
    public String format() {
        try {
            ChallengeTerms.requireHeader("header", header());
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        StringBuilder out = new StringBuilder(1024).append("Payment ");
        FieldText.appendQuoted(out, "id", id);
        append(out, "realm", realm());
        append(out, "method", method());
        append(out, "intent", intent());
        append(out, "request", request());
        append(out, "description", description);
        append(out, "digest", digest());
        append(out, "expires", expires());
        append(out, "header", header());
        append(out, "opaque", opaque());
        append(out, "jws", jws);
        return out.toString();
    }

    private static void append(StringBuilder out, String name, @Nullable String value) {
        if (value != null) {
            FieldText.appendQuoted(out.append(", "), name, value);
        }
    }

    /**
     * Returns the text the payee signs: canonical JSON of the id and the present terms.
     *
     * @return canonical JSON (RFC 8785)
     */
    public String signedPayload() {
        return CanonicalJson.write(terms.members(id));
    }

    /**
     * Returns the members in which a payer echoes the challenge: everything but the signature.
     *
     * @return texts by name, which {@link #ofEcho} reads back
     */
    public Map<String, String> echo() {
        Map<String, String> echo = terms.members(id);
        if (description != null) {
            echo.put("description", description);
        }
        return echo;
    }

    /**
     * Returns when the offer ends.
     *
     * @return the instant
     * @throws MalformedException if the challenge does not say, or says it in no RFC 3339 time
     */
    public Instant expiresAt() throws MalformedException {
        String expires = terms.expires();
        if (expires == null) {
            throw new MalformedException(Fault.MISSING, "expires", "the challenge does not say when it ends");
        }
        return Rfc3339.parse(expires, "expires");
    }

    /**
     * Decodes the request of any method.
     *
     * @return the members in their order; a map that cannot be changed
     * @throws MalformedException if it is no base64url of a JSON object
     */
    public Map<String, @Nullable Object> requestMembers() throws MalformedException {
        return decode(terms.request(), "request");
    }

    /**
     * Decodes the request as one of this protocol's own methods writes it.
     *
     * @return the request
     * @throws MalformedException if it is none
     */
    public PaymentRequest paymentRequest() throws MalformedException {
        return PaymentRequest.parse(terms.request());
    }

    /**
     * Returns the same challenge with a signature.
     *
     * @param signature a detached JWS
     * @return the signed challenge
     */
    public Challenge withJws(String signature) {
        return new Challenge(id, terms, description, signature);
    }

    /**
     * Returns the same challenge with a text for people.
     *
     * @param text the description
     * @return the described challenge
     */
    public Challenge withDescription(String text) {
        return new Challenge(id, terms, text, jws);
    }

    /**
     * Returns the protection space.
     *
     * @return the text of the wire
     */
    public String realm() {
        return terms.realm();
    }

    /**
     * Returns the payment method.
     *
     * @return the text of the wire
     */
    public String method() {
        return terms.method();
    }

    /**
     * Returns the payment intent.
     *
     * @return the text of the wire
     */
    public String intent() {
        return terms.intent();
    }

    /**
     * Returns the payment request as it came, base64url.
     *
     * @return the text of the wire
     */
    public String request() {
        return terms.request();
    }

    /**
     * Returns when the offer ends, as it came, or null.
     *
     * @return the text of the wire, or null
     */
    public @Nullable String expires() {
        return terms.expires();
    }

    /**
     * Returns the body digest as it came, or null.
     *
     * @return the text of the wire, or null
     */
    public @Nullable String digest() {
        return terms.digest();
    }

    /**
     * Returns what the server wants back, as it came, or null.
     *
     * @return the text of the wire, or null
     */
    public @Nullable String opaque() {
        return terms.opaque();
    }

    /**
     * Returns the field for the credential, as it came, or null.
     *
     * @return the text of the wire, or null
     */
    public @Nullable String header() {
        return terms.header();
    }

    /** Shows everything but the signature. */
    @Override
    public String toString() {
        return "Challenge[id=" + id + ", terms=" + terms + ", signed=" + (jws != null) + "]";
    }
}
