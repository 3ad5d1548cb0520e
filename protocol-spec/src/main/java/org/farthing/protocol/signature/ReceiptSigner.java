package org.farthing.protocol.signature;

import org.farthing.protocol.PaymentReceipt;

/** Signs a payee's acknowledgement (F-RC-5 in spec/receipt.md). The counterpart is {@link ReceiptVerifier}. */
public final class ReceiptSigner {

    private ReceiptSigner() {}

    /**
     * Adds the payee's signature over every member, unknown ones included.
     *
     * @param key a key with the role {@link Role#RECEIPT}
     * @param receipt the finished receipt
     * @return the same receipt with {@code jws}
     * @throws IllegalArgumentException if the key lacks the role
     */
    public static PaymentReceipt sign(SigningKey key, PaymentReceipt receipt) {
        return receipt.withJws(DetachedJws.sign(key, ArtifactType.RECEIPT, receipt.signedPayload()));
    }
}
