package org.farthing.protocol.wallet;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;

/**
 * The answer of {@code POST /v1/payments}: what was held, and the receipt token that says so to the payee
 * (spec/wallet-service.md F-WS-8). Whoever has the token can use the payment, so {@link #toString()} does not show it.
 *
 * @param payment what was held
 * @param receipt the receipt token as it came; {@link ReceiptToken#parse(String)} reads it
 */
public record PaymentReply(ServicePayment payment, String receipt) {

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(32 * 1024, 8, 64, 64);

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the answer; its token is neither read nor verified
     * @throws MalformedException if a member is missing or wrong
     */
    public static PaymentReply parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, LIMITS);
        ServicePayment payment = ServicePayment.parse(new Members(members.object("payment"), "body.payment"));
        return new PaymentReply(payment, members.text("receipt"));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON of {@code payment} and {@code receipt}
     */
    public String format() {
        return CanonicalJson.write(Map.of("payment", payment.toMap(), "receipt", receipt));
    }

    /** The payment only: the token is worth money. */
    @Override
    public String toString() {
        return "PaymentReply[payment=" + payment + "]";
    }
}
