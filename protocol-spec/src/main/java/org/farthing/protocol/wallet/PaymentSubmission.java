package org.farthing.protocol.wallet;

import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.FieldText;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;

/**
 * What a payer brings to its wallet service to have a challenge paid there: the challenge with the payee's signature, and
 * its own order. The body of {@code POST /v1/payments} (spec/wallet-service.md F-WS-6).
 *
 * <p>An instance has been read, not verified: {@link SubmittedChallenge#verify} looks at the payee's part, {@link
 * PaymentOrder#verify} at the payer's.
 *
 * @param challenge the payee's challenge, with its signature
 * @param order the payer's order for it, over the whole amount
 */
public record PaymentSubmission(Challenge challenge, PaymentOrder order) {

    /** The longest body, in bytes. */
    public static final int MAX_BYTES = 32 * 1024;

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MAX_BYTES, 8, 64, 64);

    /**
     * Checks that both parts speak of one payment.
     *
     * @param challenge as described at the record
     * @param order as described at the record
     * @throws IllegalArgumentException if the challenge is not signed, its request cannot be read, or the order is for
     *     another challenge or for less than the amount
     */
    public PaymentSubmission {
        if (challenge.jws() == null) {
            throw new IllegalArgumentException("a wallet service takes only challenges that their payee signed");
        }
        Challenge ordered = order.challenge();
        if (!ordered.id().equals(challenge.id()) || !ordered.terms().equals(challenge.terms())) {
            throw new IllegalArgumentException("the order is for another challenge");
        }
        Challenge submitted = challenge;
        Body.require(() -> requireWhole(submitted, order));
    }

    private static void requireWhole(Challenge challenge, PaymentOrder order) throws MalformedException {
        PaymentRequest request = challenge.paymentRequest();
        if (!order.maxAmount().equals(request.amount())) {
            throw new MalformedException(
                    Fault.VALUE, "body.order.maxAmount", "a receipt token is for the whole amount of the request");
        }
    }

    /**
     * Reads a body. What is said of a fault's place tells whose part is wrong: {@code body.order…} is the payload of the
     * method, anything else the body.
     *
     * @param body the body as received
     * @return the submission
     * @throws MalformedException if a member is missing or wrong, or the order is for less than the amount
     */
    public static PaymentSubmission parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, LIMITS);
        Challenge echo = Challenge.ofEcho(members.object("challenge"), "body.challenge");
        String jws = members.text("jws");
        FieldText.requirePlain(jws, "body.jws");
        PaymentOrder order = PaymentOrder.parse(echo, new Members(members.object("order"), "body.order"));
        return Body.build("body", () -> new PaymentSubmission(echo.withJws(jws), order));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON of {@code challenge}, {@code jws} and {@code order}
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>();
        members.put("challenge", challenge.echo());
        members.put("jws", String.valueOf(challenge.jws()));
        try {
            members.put("order", order.toPayload());
        } catch (MalformedException e) {
            throw new IllegalStateException("the request was read when the submission was made", e);
        }
        return CanonicalJson.write(members);
    }
}
