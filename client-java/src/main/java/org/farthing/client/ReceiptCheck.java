package org.farthing.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.ChallengeCheck.Keys;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The receipt on an answer (spec/receipt.md, F-RC-20 to F-RC-22).
 *
 * @param status what it is worth
 * @param receipt the receipt if it could be read
 * @param text the receipt as it came, if it may be kept as evidence
 */
record ReceiptCheck(
        ReceiptStatus status,
        @Nullable PaymentReceipt receipt,
        @Nullable String text) {

    private static final ReceiptCheck ABSENT = new ReceiptCheck(ReceiptStatus.ABSENT, null, null);
    private static final ReceiptCheck UNREADABLE = new ReceiptCheck(ReceiptStatus.INVALID, null, null);

    /** Checks it. A key that is newer than the documents at hand is looked up; a receipt is never a reason to fail. */
    static CompletableFuture<ReceiptCheck> of(Payer payer, Reply reply, Challenge paid, Keys keys, KeyRefresh refresh) {
        List<String> fields = reply.values("Payment-Receipt");
        if (fields.isEmpty()) {
            return CompletableFuture.completedFuture(ABSENT);
        }
        PaymentReceipt receipt;
        try {
            receipt = PaymentReceipt.parse(fields.get(0));
        } catch (MalformedException e) {
            return CompletableFuture.completedFuture(UNREADABLE);
        }
        if (fields.size() > 1) {
            return CompletableFuture.completedFuture(new ReceiptCheck(ReceiptStatus.INVALID, receipt, null));
        }
        String text = fields.get(0);
        if (receipt.jws().isEmpty()) {
            return CompletableFuture.completedFuture(new ReceiptCheck(ReceiptStatus.UNSIGNED, receipt, text));
        }
        Verdict first = verify(payer, receipt, paid, keys.ofPayee());
        if (first != Verdict.NEWER_KEY) {
            return CompletableFuture.completedFuture(first.on(receipt, text));
        }
        return refresh.newer().handle((newer, failure) -> {
            Verdict second = newer == null ? Verdict.BAD : verify(payer, receipt, paid, newer.ofPayee());
            return second.on(receipt, text);
        });
    }

    /** Where newer key documents come from. */
    @FunctionalInterface
    interface KeyRefresh {
        CompletableFuture<Keys> newer();
    }

    private enum Verdict {
        GOOD,
        BAD,
        NEWER_KEY;

        ReceiptCheck on(PaymentReceipt receipt, String text) {
            return this == GOOD
                    ? new ReceiptCheck(ReceiptStatus.VALID, receipt, text)
                    : new ReceiptCheck(ReceiptStatus.INVALID, receipt, null);
        }
    }

    private static Verdict verify(Payer payer, PaymentReceipt receipt, Challenge paid, @Nullable KeyDirectory ofPayee) {
        if (ofPayee == null) {
            return Verdict.NEWER_KEY;
        }
        try {
            ReceiptVerifier.verifyFor(receipt, paid, ofPayee, payer.clock().instant());
            return Verdict.GOOD;
        } catch (SignatureRejectedException e) {
            return e.reason() == Reason.UNKNOWN_KEY ? Verdict.NEWER_KEY : Verdict.BAD;
        }
    }
}
