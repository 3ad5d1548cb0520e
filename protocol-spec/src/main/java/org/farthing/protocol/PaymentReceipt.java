package org.farthing.protocol;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.FieldText;
import org.farthing.protocol.internal.JsonTree;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * The payee's acknowledgement that a payment was taken and what for. It travels in {@code Payment-Receipt} on the 2xx
 * answer. Specification: receipt.md (F-RC-1 to F-RC-8).
 *
 * <p>A receipt that parsed is well formed; whether the payee signed it, package {@code signature} tells. Members this
 * class does not know are kept and stay under the signature.
 *
 * @param members all members, in their order; a map that cannot be changed
 */
public record PaymentReceipt(Map<String, @Nullable Object> members) {

    private static final String WHERE = "Payment-Receipt";

    /**
     * Copies the members.
     *
     * @param members as described at the record
     * @throws IllegalArgumentException if {@link #parse} would refuse them
     */
    public PaymentReceipt {
        members = JsonTree.copy(members);
        try {
            check(new Members(members, WHERE));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Reads a field value.
     *
     * @param fieldValue the value of {@code Payment-Receipt}
     * @return the receipt
     * @throws MalformedException if it is no canonical base64url of a JSON object, or lacks the status
     *     {@code success}, a method, a reference or a timestamp
     */
    public static PaymentReceipt parse(String fieldValue) throws MalformedException {
        FieldText.requireLength(fieldValue, WHERE);
        Map<String, @Nullable Object> members =
                StrictJson.parseObject(Base64Url.decode(fieldValue, WHERE), WHERE, StrictJson.Limits.FIELD);
        check(new Members(members, WHERE));
        return new PaymentReceipt(members);
    }

    private static void check(Members members) throws MalformedException {
        if (!members.text("status").equals("success")) {
            throw new MalformedException(Fault.VALUE, WHERE + ".status", "only success has a receipt");
        }
        if (members.text("method").isEmpty() || members.text("reference").isEmpty()) {
            throw new MalformedException(Fault.MISSING, WHERE, "method and reference must not be empty");
        }
        Rfc3339.parse(members.text("timestamp"), WHERE + ".timestamp");
    }

    /**
     * Writes the field value: base64url of canonical JSON.
     *
     * @return the text of the wire
     */
    public String format() {
        return Base64Url.encodeUtf8(CanonicalJson.write(members));
    }

    /**
     * Returns the text the payee signs: canonical JSON of every member but the signature.
     *
     * @return canonical JSON (RFC 8785)
     */
    public String signedPayload() {
        Map<String, @Nullable Object> signed = new LinkedHashMap<>(members);
        signed.remove("jws");
        return CanonicalJson.write(signed);
    }

    /**
     * Returns the same receipt with a signature.
     *
     * @param signature a detached JWS
     * @return the signed receipt
     */
    public PaymentReceipt withJws(String signature) {
        Map<String, @Nullable Object> signed = new LinkedHashMap<>(members);
        signed.put("jws", signature);
        return new PaymentReceipt(signed);
    }

    /**
     * Returns the payment method.
     *
     * @return the method's name
     */
    public String method() {
        return required("method");
    }

    /**
     * Returns the payee's handle of the charge.
     *
     * @return the reference, not empty
     */
    public String reference() {
        return required("reference");
    }

    /**
     * Returns when the payment was taken.
     *
     * @return an RFC 3339 time, as it came
     */
    public String timestamp() {
        return required("timestamp");
    }

    private String required(String name) {
        return text(name)
                .orElseThrow(() -> new IllegalStateException("the constructor let no receipt without it pass"));
    }

    /**
     * Returns any member that is a text.
     *
     * @param name the member's name
     * @return its text; empty if it is absent or of another type
     */
    public Optional<String> text(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * Returns the id of the challenge that was paid.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> challengeId() {
        return text("challengeId");
    }

    /**
     * Returns the payment intent.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> intent() {
        return text("intent");
    }

    /**
     * Returns how many base units were taken.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> amount() {
        return text("amount");
    }

    /**
     * Returns the most that could have been taken.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> authorized() {
        return text("authorized");
    }

    /**
     * Returns what the amount counts.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> currency() {
        return text("currency");
    }

    /**
     * Returns who was paid.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> recipient() {
        return text("recipient");
    }

    /**
     * Returns the hash of the request that was paid for.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> rb() {
        return text("rb");
    }

    /**
     * Returns the payee's own number for the purchase.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> externalId() {
        return text("externalId");
    }

    /**
     * Returns the payee's signature over {@link #signedPayload()}.
     *
     * @return the member, or empty if the receipt does not say
     */
    public Optional<String> jws() {
        return text("jws");
    }

    /** Shows the method, the reference and the time; a receipt is not for logs (S41). */
    @Override
    public String toString() {
        return "PaymentReceipt[method=" + method() + ", reference=" + reference() + ", timestamp=" + timestamp() + "]";
    }

    /**
     * Starts a receipt of status {@code success}.
     *
     * @param method the payment method
     * @param reference the payee's handle of the charge
     * @param timestamp when the payment was taken; written in whole seconds
     * @return a builder for the other members
     */
    public static Builder builder(String method, String reference, Instant timestamp) {
        return new Builder(method, reference, timestamp);
    }

    /** Collects the members of a receipt. Not for several threads. */
    public static final class Builder {

        private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

        private Builder(String method, String reference, Instant timestamp) {
            members.put("status", "success");
            members.put("method", method);
            members.put("reference", reference);
            members.put("timestamp", Rfc3339.format(timestamp));
        }

        /**
         * Adds a member.
         *
         * @param name its name, such as {@code challengeId}
         * @param value its text, or null to leave it out
         * @return this
         */
        public Builder with(String name, @Nullable String value) {
            if (value != null) {
                members.put(name, value);
            }
            return this;
        }

        /**
         * Takes over what the challenge says about the payment: its id, intent, amount, currency, recipient and the
         * payee's own number.
         *
         * @param challenge the challenge that was paid
         * @param request its request
         * @param captured how many base units were taken
         * @return this
         */
        public Builder forChallenge(Challenge challenge, PaymentRequest request, Amount captured) {
            return with("challengeId", challenge.id())
                    .with("intent", challenge.intent())
                    .with("amount", captured.format())
                    .with("currency", request.currency().text())
                    .with("recipient", request.recipient())
                    .with("externalId", request.externalId());
        }

        /**
         * Makes the receipt.
         *
         * @return the receipt, unsigned
         * @throws IllegalArgumentException if the method or the reference is empty
         */
        public PaymentReceipt build() {
            return new PaymentReceipt(members);
        }
    }
}
