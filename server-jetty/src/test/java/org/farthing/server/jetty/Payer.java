package org.farthing.server.jetty;

import java.util.Map;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;

/** Somebody with a key who pays challenges, as a real client would, or nearly so. */
record Payer(SigningKey key, String wallet) {

    static Payer with(SigningKey key) {
        return new Payer(key, WalletId.of(key.publicKey()));
    }

    /** Pays the one challenge of a 402: the value of {@code Authorization}. */
    String pay(HttpTester.Response answer) {
        return pay(challengeOf(answer));
    }

    String pay(Challenge challenge) {
        return credential(challenge).format();
    }

    Credential credential(Challenge challenge) {
        try {
            return credential(challenge, challenge.paymentRequest().amount());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    Credential credential(Challenge challenge, Amount maxAmount) {
        try {
            String recipient = challenge.paymentRequest().recipient();
            Origin ledger = Origin.parse(recipient == null ? "" : recipient);
            PaymentOrder order = PaymentOrder.sign(key, challenge, ledger, maxAmount, wallet);
            return Credential.of(challenge, null, Map.copyOf(order.toPayload()));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static Challenge challengeOf(HttpTester.Response answer) {
        try {
            return Challenge.parse(answer.get("WWW-Authenticate"));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
