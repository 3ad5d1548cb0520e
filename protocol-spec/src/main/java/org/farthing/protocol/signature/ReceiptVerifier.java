package org.farthing.protocol.signature;

import java.time.Instant;
import java.util.Optional;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;

/**
 * Checks of a payment receipt (spec/receipt.md F-RC-20 and F-RC-21). A receipt is evidence of a payment and never a
 * permission for anything (threat 35).
 */
public final class ReceiptVerifier {

    private ReceiptVerifier() {}

    /**
     * Checks who signed, for whoever holds a receipt and the recipient's key document.
     *
     * <p>Guarantees on return: the payee of the document signed exactly these members, names itself as recipient, and the
     * key counts at the given moment. What was paid for, the receipt says; whether it was this holder's payment, only
     * {@link #verifyFor} tells.
     *
     * @param receipt the receipt
     * @param ofRecipient the key document fetched from the receipt's recipient
     * @param now the moment of acting, or for an archived receipt the moment its keeper recorded it
     * @throws SignatureRejectedException if this does not hold
     */
    public static void verify(PaymentReceipt receipt, KeyDirectory ofRecipient, Instant now)
            throws SignatureRejectedException {
        Optional<String> jws = receipt.jws();
        if (jws.isEmpty()) {
            throw new SignatureRejectedException(Reason.UNSIGNED, "the receipt is not signed");
        }
        try {
            VerificationKey key = ofRecipient.select(DetachedJws.kid(jws.get()), ArtifactType.RECEIPT, now);
            DetachedJws.verify(jws.get(), ArtifactType.RECEIPT, receipt.signedPayload(), key);
        } catch (MalformedException e) {
            throw Jws.malformed(e);
        }
        if (!receipt.recipient().equals(Optional.of(ofRecipient.payee()))) {
            throw new SignatureRejectedException(Reason.WRONG_RECIPIENT, "the signer is not the receipt's recipient");
        }
    }

    /**
     * The payer's checks: the signature, and that the receipt is for the challenge it paid.
     *
     * @param receipt the receipt on the answer
     * @param paid the challenge that was paid
     * @param ofRecipient the key document fetched from the challenge's recipient
     * @param now the payer's clock
     * @throws SignatureRejectedException if the signature does not count, or challenge, method, intent, binding, recipient,
     *     currency or amount are not those of the challenge
     */
    public static void verifyFor(PaymentReceipt receipt, Challenge paid, KeyDirectory ofRecipient, Instant now)
            throws SignatureRejectedException {
        verify(receipt, ofRecipient, now);
        try {
            PaymentRequest request = paid.paymentRequest();
            require(receipt.challengeId(), Optional.of(paid.id()), Reason.WRONG_CHALLENGE, "challenge");
            require(Optional.of(receipt.method()), Optional.of(paid.method()), Reason.WRONG_CHALLENGE, "method");
            require(receipt.intent(), Optional.of(paid.intent()), Reason.WRONG_CHALLENGE, "intent");
            require(receipt.rb(), binding(paid), Reason.WRONG_BINDING, "request");
            require(receipt.recipient(), Optional.ofNullable(request.recipient()), Reason.WRONG_RECIPIENT, "recipient");
            require(receipt.currency(), Optional.of(request.currency().text()), Reason.WRONG_AMOUNT, "currency");
            checkAmount(receipt, request);
        } catch (MalformedException e) {
            throw Jws.malformed(e);
        }
    }

    private static Optional<String> binding(Challenge paid) throws MalformedException {
        String opaque = paid.opaque();
        return opaque == null
                ? Optional.empty()
                : Optional.ofNullable(Opaque.parse(opaque).rb());
    }

    private static void checkAmount(PaymentReceipt receipt, PaymentRequest request)
            throws SignatureRejectedException, MalformedException {
        Amount taken = Amount.parse(receipt.amount().orElse(""), "receipt.amount");
        int order = taken.compareTo(request.amount());
        boolean exact = "exact".equals(request.methodDetails().get("capture"));
        if (order > 0 || (exact && order != 0)) {
            throw new SignatureRejectedException(Reason.WRONG_AMOUNT, "another amount was taken than authorised");
        }
    }

    private static void require(Optional<String> stated, Optional<String> expected, Reason reason, String what)
            throws SignatureRejectedException {
        if (!stated.equals(expected)) {
            throw new SignatureRejectedException(reason, "the receipt is for another " + what);
        }
    }
}
