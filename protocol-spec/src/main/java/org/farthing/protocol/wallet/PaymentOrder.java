package org.farthing.protocol.wallet;

import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * A payer's permission to debit its wallet once, for one challenge, at one ledger (spec/wallet-order.md). It has no nonce
 * or time of its own: the challenge inside has both, with payee, request and body.
 *
 * <p>The ledger is signed and not sent: whoever debits puts its own origin in, so an order for one ledger fails at every
 * other (threat 71).
 *
 * @param challenge the challenge that is paid
 * @param maxAmount the most the ledger may take
 * @param wallet the wallet to debit
 * @param jws the payer's detached signature
 */
public record PaymentOrder(Challenge challenge, Amount maxAmount, String wallet, String jws) {

    /** The payload's {@code type}. */
    public static final String TYPE = "order";

    /**
     * Checks the wallet's name.
     *
     * @param challenge as described at the record
     * @param maxAmount as described at the record
     * @param wallet as described at the record
     * @param jws as described at the record
     * @throws IllegalArgumentException if the wallet's name is none
     */
    public PaymentOrder {
        if (!WalletId.isWalletId(wallet)) {
            throw new IllegalArgumentException("no wallet id");
        }
    }

    /**
     * Signs an order. Whoever calls this has decided to pay: count the amount before.
     *
     * @param key a key of the wallet
     * @param challenge the challenge to pay
     * @param ledger the origin that debits: the recipient's, or a wallet service the payer chose itself, never one that
     *     only the challenge names (F-WO-7)
     * @param maxAmount the most the ledger may take; for {@code capture} {@code exact} the amount of the request
     * @param wallet the wallet to debit
     * @return the order
     * @throws IllegalArgumentException if the wallet's name is none
     */
    public static PaymentOrder sign(
            SigningKey key, Challenge challenge, Origin ledger, Amount maxAmount, String wallet) {
        String payload = signedPayload(challenge, ledger, maxAmount, wallet);
        return new PaymentOrder(challenge, maxAmount, wallet, DetachedJws.sign(key, ArtifactType.ORDER, payload));
    }

    /**
     * Reads the order in a credential. It is well formed after that, not verified.
     *
     * @param credential a credential of method {@code wallet}, intent {@code charge}
     * @return the order
     * @throws MalformedException if the payload does not follow F-WO-1 and F-WO-3, or the request has no amount
     */
    public static PaymentOrder parse(Credential credential) throws MalformedException {
        return parse(credential.challenge(), new Members(credential.payload(), "payload"));
    }

    /** Reads the order for a challenge from the members of a credential's payload, wherever they stand. */
    static PaymentOrder parse(Challenge challenge, Members payload) throws MalformedException {
        String where = payload.where();
        if (!payload.text("type").equals(TYPE)) {
            throw new MalformedException(Fault.VALUE, where + ".type", "an order is needed");
        }
        String wallet = WalletId.require(payload.text("wallet"), where + ".wallet");
        String jws = payload.text("jws");
        Amount maxAmount = maxAmount(challenge.paymentRequest(), payload.optionalText("maxAmount"), where);
        return new PaymentOrder(challenge, maxAmount, wallet, jws);
    }

    private static Amount maxAmount(PaymentRequest request, @Nullable String stated, String where)
            throws MalformedException {
        if (stated == null) {
            return request.amount();
        }
        Amount maxAmount = Amount.parse(stated, where + ".maxAmount");
        boolean upto = "upto".equals(request.methodDetails().get("capture"));
        int order = maxAmount.compareTo(request.amount());
        if (order > 0 || (!upto && order != 0)) {
            throw new MalformedException(
                    Fault.VALUE, where + ".maxAmount", "equal to the amount, or below it where capture is upto");
        }
        return maxAmount;
    }

    /**
     * The credential's payload.
     *
     * @return {@code type}, {@code wallet}, {@code jws}, and {@code maxAmount} where it is not the request's amount
     * @throws MalformedException if the challenge's request cannot be read
     */
    public Map<String, Object> toPayload() throws MalformedException {
        Map<String, Object> payload = new TreeMap<>();
        payload.put("type", TYPE);
        payload.put("wallet", wallet);
        payload.put("jws", jws);
        if (!maxAmount.equals(challenge.paymentRequest().amount())) {
            payload.put("maxAmount", maxAmount.format());
        }
        return payload;
    }

    /**
     * The key that claims to have signed: look it up in the wallet's record, nowhere else.
     *
     * @return an RFC 7638 thumbprint
     * @throws MalformedException if the signature is malformed
     */
    public String kid() throws MalformedException {
        return DetachedJws.kid(jws);
    }

    /**
     * Checks the order.
     *
     * <p>Guarantees on return: this key permitted exactly this ledger to take at most {@link #maxAmount()} from exactly
     * this wallet for exactly this challenge. Whether the key is the wallet's, and the challenge this server's, unexpired
     * and unused, the caller checks.
     *
     * @param key the key from the wallet's record
     * @param ledger the verifier's own public origin
     * @throws SignatureRejectedException if the signature is not this key's over this order and ledger
     */
    public void verify(VerificationKey key, Origin ledger) throws SignatureRejectedException {
        DetachedJws.verify(jws, ArtifactType.ORDER, signedPayload(challenge, ledger, maxAmount, wallet), key);
    }

    /**
     * By what two orders are the same: what is signed, not the signature, of which ES256 can make many for one text
     * (threat 19). A wallet service hands out a stored receipt token only for the same verified order (F-WS-10).
     *
     * @param ledger the verifier's own public origin
     * @return base64url of the SHA-256 of the signed payload
     */
    public String hash(Origin ledger) {
        return Sha256.base64url(signedPayload(challenge, ledger, maxAmount, wallet));
    }

    /** What is signed (F-WO-2): canonical JSON, which these plain texts in this order are. */
    static String signedPayload(Challenge challenge, Origin ledger, Amount maxAmount, String wallet) {
        return "{\"challenge\":" + challenge.signedPayload() + ",\"ledger\":\"" + ledger.text() + "\",\"maxAmount\":\""
                + maxAmount.format() + "\",\"wallet\":\"" + wallet + "\"}";
    }

    /** The challenge's id and the wallet: the signature is worth money. */
    @Override
    public String toString() {
        return "PaymentOrder[challenge=" + challenge.id() + ", maxAmount=" + maxAmount.format() + ", wallet=" + wallet
                + "]";
    }
}
