package org.farthing.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.FieldText;
import org.jspecify.annotations.Nullable;

/**
 * The bound slots of a challenge: everything its id and its signature cover, as the raw text of the wire.
 * Specification: challenge.md (F-CH-2 to F-CH-6).
 *
 * <p>The texts are kept as they came and never rewritten, because one other byte is another id. Whether the times lie in
 * the future and whether the amount is acceptable is for the caller to decide. Terms with another {@code header} than
 * {@code Payment-Authorization} can be hashed, but no challenge with them is read or written (F-CH-5).
 *
 * @param realm the protection space
 * @param method the payment method, one or more of a to z (S15)
 * @param intent the payment intent, letters, digits and hyphens (S16)
 * @param request the payment request, base64url of a JSON object (S17)
 * @param expires when the offer ends, an RFC 3339 time, or null
 * @param digest the body the payment is for, such as {@code sha-256=:…:}, or null
 * @param opaque what the server wants back unchanged, or null
 * @param header the field the credential is to be sent in, {@code Payment-Authorization}, or null for {@code
 *     Authorization}
 */
public record ChallengeTerms(
        String realm,
        String method,
        String intent,
        String request,
        @Nullable String expires,
        @Nullable String digest,
        @Nullable String opaque,
        @Nullable String header) {

    /** The one field a challenge may select in place of Authorization. */
    private static final String PAYMENT_AUTHORIZATION = "Payment-Authorization";

    /**
     * Refuses terms that no challenge could carry.
     *
     * @param realm as described at the record
     * @param method as described at the record
     * @param intent as described at the record
     * @param request as described at the record
     * @param expires as described at the record
     * @param digest as described at the record
     * @param opaque as described at the record
     * @param header as described at the record
     * @throws IllegalArgumentException if a required text is empty, the method or intent is no such name, the request
     *     is no canonical base64url, or a text holds a control character
     */
    public ChallengeTerms {
        try {
            requireRealm("realm", realm);
            requireMethod("method", method);
            requireIntent("intent", intent);
            check("request", request);
            Base64Url.requireCanonical(request, "request");
            checkOptional("expires", expires);
            checkOptional("digest", digest);
            checkOptional("opaque", opaque);
            checkOptional("header", header);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Checks a text that every challenge has. */
    static String check(String name, @Nullable String value) throws MalformedException {
        if (value == null || value.isEmpty()) {
            throw new MalformedException(Fault.MISSING, name, "the parameter is required and must not be empty");
        }
        FieldText.requirePlain(value, name);
        return value;
    }

    /** Checks a realm, which must be there and may be empty: some servers have none to name. */
    static String requireRealm(String name, @Nullable String realm) throws MalformedException {
        if (realm == null) {
            throw new MalformedException(Fault.MISSING, name, "the parameter is required");
        }
        FieldText.requirePlain(realm, name);
        return realm;
    }

    /** Checks the field a challenge selects for its credential (F-CH-5). */
    static @Nullable String requireHeader(String name, @Nullable String header) throws MalformedException {
        if (header != null && !header.equals(PAYMENT_AUTHORIZATION)) {
            throw new MalformedException(Fault.VALUE, name, "only " + PAYMENT_AUTHORIZATION + " may be selected");
        }
        return header;
    }

    /** Checks a text that a challenge may have. */
    static @Nullable String checkOptional(String name, @Nullable String value) throws MalformedException {
        if (value != null) {
            FieldText.requirePlain(value, name);
        }
        return value;
    }

    /** Checks a method: one or more of a to z. */
    static String requireMethod(String name, @Nullable String value) throws MalformedException {
        String method = check(name, value);
        if (!method.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
            throw new MalformedException(Fault.VALUE, name, "lower-case letters a to z only");
        }
        return method;
    }

    /** Checks an intent: one or more letters, digits or hyphens. */
    static String requireIntent(String name, @Nullable String value) throws MalformedException {
        String intent = check(name, value);
        for (int i = 0; i < intent.length(); i++) {
            char c = intent.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && c != '-') {
                throw new MalformedException(Fault.VALUE, name, "letters, digits and hyphens only");
            }
        }
        return intent;
    }

    /** Returns the present terms by name, in the order in which they are signed. */
    Map<String, String> members(String id) {
        Map<String, String> members = new LinkedHashMap<>(16);
        put(members, "digest", digest);
        put(members, "expires", expires);
        put(members, "header", header);
        members.put("id", id);
        members.put("intent", intent);
        members.put("method", method);
        put(members, "opaque", opaque);
        members.put("realm", realm);
        members.put("request", request);
        return members;
    }

    private static void put(Map<String, String> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
