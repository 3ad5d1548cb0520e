package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.SERVICE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.Reserved;

/** What the contracts of charges with a {@link org.farthing.server.ledger.Backing} share. */
public abstract class BackedKit extends LedgerKit {

    /** For the store's own test. */
    protected BackedKit() {}

    protected static final Duration LEASE = Duration.ofSeconds(20);
    protected static final String OTHER = "https://other-wallet.example";

    protected final Reserved.Held hold(String challengeId, long amount) {
        return (Reserved.Held) await(ledger().reserve(payments.backed(challengeId, amount, 1000)));
    }

    protected final HoldRef upfront(String challengeId, long amount) {
        return ((Reserved.Held) await(ledger().chargeUpfront(payments.backed(challengeId, amount, 1000)))).ref();
    }

    protected final RefundResult refund(String challengeId, long amount, String key) {
        return await(ledger().refund(new RefundRequest(challengeId, amount, key, "goodwill")));
    }

    /** All that is due is told, and the service has it. */
    protected final void acknowledge() {
        for (OutboxItem item : await(ledger().outbox().due(1000, LEASE))) {
            await(ledger().outbox().done(item.seq(), "done", false));
        }
    }

    protected final long exposure() {
        return await(ledger().outbox().status()).stream()
                .filter(status ->
                        status.service().equals(SERVICE) && status.currency().equals(USD))
                .mapToLong(OutboxStatus::exposure)
                .sum();
    }

    protected static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
