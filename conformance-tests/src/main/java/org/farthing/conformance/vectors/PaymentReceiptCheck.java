package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptSigner;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;

/** Kind {@code payment-receipt}: a {@code Payment-Receipt} field value, its signature, and a payer's checks. */
final class PaymentReceiptCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> PaymentReceipt.parse(input.text("field")).members();
            case "format" -> receipt(input).format();
            case "payload" -> receipt(input).signedPayload();
            case "sign" ->
                ReceiptSigner.sign(SigningKey.fromJwk(input.json("jwk")), receipt(input))
                        .members();
            case "verify" -> {
                ReceiptVerifier.verify(receipt(input), directory(input), input.instant("now"));
                yield true;
            }
            case "verify-for" -> {
                ReceiptVerifier.verifyFor(
                        receipt(input),
                        Wire.challenge(input.object("challenge")),
                        directory(input),
                        input.instant("now"));
                yield true;
            }
            default -> throw input.unknownOp();
        };
    }

    private static PaymentReceipt receipt(CaseInput input) throws BrokenVectorException {
        return new PaymentReceipt(input.map("receipt"));
    }

    private static KeyDirectory directory(CaseInput input) throws MalformedException, BrokenVectorException {
        return KeyDirectory.parse(input.json("directory"));
    }
}
