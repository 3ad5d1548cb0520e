package org.farthing.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.JsonTree;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for: the decoded {@code request} of a challenge, in the shape that this protocol's methods share.
 * Specification: request.md (F-RQ-1, F-RQ-2, F-RQ-8, F-RQ-11). A request of a method with other members or other currencies is read with
 * {@link Challenge#requestMembers()}.
 *
 * @param amount how many base units; with {@code methodDetails.capture} of {@code upto} the most that may be taken
 * @param currency what is counted
 * @param recipient who is paid, or null
 * @param description what for, for people; unlike the challenge's own description it is signed
 * @param externalId the payee's own number for the purchase, or null
 * @param methodDetails members that belong to the method
 * @param extensions members this record does not know
 */
public record PaymentRequest(
        Amount amount,
        CurrencyId currency,
        @Nullable String recipient,
        @Nullable String description,
        @Nullable String externalId,
        Map<String, @Nullable Object> methodDetails,
        Map<String, @Nullable Object> extensions) {

    private static final String WHERE = "request";
    private static final Set<String> KNOWN =
            Set.of("amount", "currency", "recipient", "description", "externalId", "methodDetails");

    /**
     * Copies the maps.
     *
     * @param amount as described at the record
     * @param currency as described at the record
     * @param recipient as described at the record
     * @param description as described at the record
     * @param externalId as described at the record
     * @param methodDetails as described at the record
     * @param extensions as described at the record
     * @throws IllegalArgumentException if a value in them is no JSON, or an extension has the name of a known member
     */
    public PaymentRequest {
        methodDetails = JsonTree.copy(methodDetails);
        extensions = JsonTree.copy(extensions);
        for (String name : extensions.keySet()) {
            if (KNOWN.contains(name)) {
                throw new IllegalArgumentException("an extension cannot be named " + name);
            }
        }
    }

    /**
     * Makes a request with only what every request has.
     *
     * @param amount how many base units
     * @param currency what is counted
     * @param recipient who is paid
     * @return the request
     */
    public static PaymentRequest of(Amount amount, CurrencyId currency, String recipient) {
        return new PaymentRequest(amount, currency, recipient, null, null, Map.of(), Map.of());
    }

    /**
     * Reads the {@code request} of a challenge.
     *
     * @param base64url the text of the wire
     * @return the request
     * @throws MalformedException if it is no base64url of a JSON object, lacks an amount or a currency, or has a known
     *     member of another type
     */
    public static PaymentRequest parse(String base64url) throws MalformedException {
        Members members = new Members(
                StrictJson.parseObject(Base64Url.decode(base64url, WHERE), WHERE, StrictJson.Limits.FIELD), WHERE);
        Map<String, @Nullable Object> details = members.optionalObject("methodDetails");
        Map<String, @Nullable Object> extensions = new LinkedHashMap<>(members.map());
        extensions.keySet().removeAll(KNOWN);
        return new PaymentRequest(
                Amount.parse(members.text("amount"), WHERE + ".amount"),
                CurrencyId.parse(members.text("currency"), WHERE + ".currency"),
                members.optionalText("recipient"),
                members.optionalText("description"),
                members.optionalText("externalId"),
                details == null ? Map.of() : details,
                extensions);
    }

    /**
     * Writes the {@code request} of a challenge: base64url of canonical JSON. Empty method details are left out.
     *
     * @return the text of the wire
     */
    public String format() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(extensions);
        members.put("amount", amount.format());
        members.put("currency", currency.text());
        putPresent(members, "recipient", recipient);
        putPresent(members, "description", description);
        putPresent(members, "externalId", externalId);
        if (!methodDetails.isEmpty()) {
            members.put("methodDetails", methodDetails);
        }
        return Base64Url.encodeUtf8(CanonicalJson.write(members));
    }

    private static void putPresent(Map<String, @Nullable Object> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    /**
     * Refuses a request that another reader could write differently. Methods {@code wallet} and {@code token} call it on
     * every request they pay or accept (T25); other methods' requests are kept raw and echoed unchanged instead.
     *
     * @param base64url the text of the wire
     * @throws MalformedException with {@link Fault#NOT_CANONICAL} if it is not the canonical text of its own object, and
     *     with {@link Fault#TYPE} if it holds a number, a boolean or a null: these methods write everything as strings
     */
    public static void requireCanonical(String base64url) throws MalformedException {
        String text = Utf8.decode(Base64Url.decode(base64url, WHERE), WHERE);
        CanonicalJson.requireCanonicalStrings(
                text, StrictJson.parseObject(text, WHERE, StrictJson.Limits.FIELD), WHERE);
    }

    /**
     * Tells whether {@link #requireCanonical} would let a request pass.
     *
     * @param base64url the text of the wire
     * @return true if it would
     */
    public static boolean isCanonical(String base64url) {
        try {
            requireCanonical(base64url);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }
}
