package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.await;

import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.ReRun;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.Reserved;

/** What the contracts of charges to the ledger's own wallets share. */
public abstract class ChargeKit extends LedgerKit {

    /** For the contracts. */
    protected ChargeKit() {}

    /** Sets Alice's money aside. */
    protected final Reserved.Held hold(String challengeId, long amount) {
        Reserved reserved = await(ledger().reserve(payments.hold(challengeId, amount)));
        assertThat(reserved).isInstanceOf(Reserved.Held.class);
        return (Reserved.Held) reserved;
    }

    /** Charges Alice before an answer leaves. */
    protected final HoldRef upfront(String challengeId, long amount) {
        return ((Reserved.Held) await(ledger().chargeUpfront(payments.hold(challengeId, amount)))).ref();
    }

    /** Gives back what was captured. */
    protected final RefundResult refund(String challengeId, long amount, String key) {
        return await(ledger().refund(new RefundRequest(challengeId, amount, key, "goodwill")));
    }

    /** Asks for a re-run. */
    protected final ReRun reRun(String challengeId, String hash) {
        return await(ledger().beginReRun(challengeId, hash, HOLD));
    }
}
