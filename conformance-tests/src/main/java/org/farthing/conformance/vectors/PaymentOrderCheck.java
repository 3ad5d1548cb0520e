package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;

/** Kind {@code payment-order}: a payer's permission to debit its wallet, signed, read and verified. */
final class PaymentOrderCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        Challenge challenge = Wire.challenge(input.object("challenge"));
        return switch (input.op()) {
            case "sign" ->
                PaymentOrder.sign(
                                SigningKey.fromJwk(input.json("jwk")),
                                challenge,
                                new Origin(input.text("ledger")),
                                Amount.parse(input.text("maxAmount"), "maxAmount"),
                                input.text("wallet"))
                        .toPayload();
            case "parse" -> {
                PaymentOrder order = order(challenge, input);
                yield Map.of(
                        "wallet", order.wallet(), "maxAmount", order.maxAmount().format(), "kid", order.kid());
            }
            case "verify" -> {
                VerificationKey key = VerificationKey.parse(input.json("jwk"));
                order(challenge, input).verify(key, new Origin(input.text("ledger")));
                yield true;
            }
            default -> throw input.unknownOp();
        };
    }

    /** Through the text of a whole credential, as a server gets it. */
    private static PaymentOrder order(Challenge challenge, CaseInput input)
            throws MalformedException, BrokenVectorException {
        Credential sent = Credential.of(challenge, null, input.map("payload"));
        return PaymentOrder.parse(Credential.parse(sent.format()));
    }
}
