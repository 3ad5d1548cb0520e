package org.farthing.server.jetty;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.server.ledger.TopUp;

/**
 * Reads the bodies of the wallet routes (specification: wallets.md, F-WA-20 to F-WA-33; wallet-service.md, F-WS-1 to F-WS-15):
 * what cannot be read is a {@code BAD_REQUEST} that says where the fault is and never quotes.
 */
final class WalletBodies {

    private static final String WHERE = "body";

    private WalletBodies() {}

    /** How a body is read. */
    interface Reader<T> {
        T read(byte[] body) throws MalformedException;
    }

    /** Reads a body of a route with its type's own reader. */
    static <T> T read(byte[] body, Reader<T> reader) {
        try {
            return reader.read(body);
        } catch (MalformedException e) {
            throw new Refusal(unusable(ProblemType.BAD_REQUEST, e));
        }
    }

    /** Reads a submission: a fault in the order is the payment method's to tell (F-WS-6). */
    static PaymentSubmission submission(byte[] body) {
        try {
            return PaymentSubmission.parse(body);
        } catch (MalformedException e) {
            boolean order = e.where().equals("body.order") || e.where().startsWith("body.order.");
            throw new Refusal(unusable(order ? ProblemType.INVALID_PAYLOAD : ProblemType.BAD_REQUEST, e)
                    .withStatus(ProblemType.BAD_REQUEST.defaultStatus()));
        }
    }

    /** The top-up of {@code {"amount","currency","idempotencyKey"}}. */
    static TopUp topUp(String wallet, byte[] body) {
        return read(body, bytes -> {
            Members members = new Members(StrictJson.parseObject(bytes, WHERE, StrictJson.Limits.FIELD), WHERE);
            CurrencyId currency = CurrencyId.parse(members.text("currency"), WHERE + ".currency");
            Amount amount = Amount.parse(members.text("amount"), WHERE + ".amount");
            if (amount.equals(Amount.ZERO)) {
                throw new MalformedException(Fault.VALUE, WHERE + ".amount", "more than zero is needed");
            }
            String key = members.text("idempotencyKey");
            if (key.isEmpty() || key.length() > 128 || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new MalformedException(
                        Fault.VALUE, WHERE + ".idempotencyKey", "1 to 128 visible ASCII characters are needed");
            }
            return new TopUp(wallet, currency.text(), amount.baseUnits(), key);
        });
    }

    private static Problem unusable(ProblemType type, MalformedException fault) {
        return Problem.of(type, "The body cannot be used: " + fault.getMessage() + ".");
    }
}
