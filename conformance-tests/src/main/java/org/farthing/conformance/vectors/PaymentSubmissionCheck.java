package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.SubmittedChallenge;

/** Kind {@code payment-submission}: what a payer brings to its wallet service, and the service's checks of it. */
final class PaymentSubmissionCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "write" -> written(input);
            case "read" -> json(PaymentSubmission.parse(input.bytes("body")), new Origin(input.text("ledger")));
            case "verify" -> verified(input);
            case "word" -> SubmittedChallenge.word(reason(input.text("reason")));
            default -> throw input.unknownOp();
        };
    }

    private static String written(CaseInput input) throws MalformedException, BrokenVectorException {
        Challenge challenge = Wire.challenge(input.object("challenge"));
        Challenge ordered = input.has("ordered") ? Wire.challenge(input.object("ordered")) : challenge;
        Credential sent = Credential.of(ordered, null, input.map("payload"));
        PaymentOrder order = PaymentOrder.parse(Credential.parse(sent.format()));
        return new PaymentSubmission(challenge, order).format();
    }

    private static Map<String, Object> json(PaymentSubmission submission, Origin ledger) throws MalformedException {
        PaymentOrder order = submission.order();
        return Map.of(
                "challenge", Wire.challenge(submission.challenge()),
                "wallet", order.wallet(),
                "maxAmount", order.maxAmount().format(),
                "kid", order.kid(),
                "orderHash", order.hash(ledger));
    }

    private static Map<String, Object> verified(CaseInput input)
            throws MalformedException, SignatureRejectedException, BrokenVectorException {
        PaymentSubmission submission = PaymentSubmission.parse(input.bytes("body"));
        Origin service = new Origin(input.text("service"));
        SubmittedChallenge checked = SubmittedChallenge.verify(
                submission.challenge(), KeyDirectory.parse(input.json("directory")), service, input.instant("now"));
        submission.order().verify(VerificationKey.parse(input.json("jwk")), service);
        Map<String, Object> json = new LinkedHashMap<>();
        Wire.putPresent(json, "recipient", checked.request().recipient());
        json.put("amount", checked.request().amount().format());
        json.put("currency", checked.request().currency().text());
        json.put("expires", checked.expires().getEpochSecond());
        json.put("wallet", submission.order().wallet());
        return json;
    }

    private static Reason reason(String name) throws BrokenVectorException {
        for (Reason reason : Reason.values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        throw new BrokenVectorException("input.reason is no reason for which a signature does not count: " + name);
    }
}
