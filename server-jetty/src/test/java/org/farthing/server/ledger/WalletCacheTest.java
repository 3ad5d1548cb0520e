package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.farthing.server.ledger.kit.Payments;
import org.junit.jupiter.api.Test;

class WalletCacheTest {

    private final WalletCache cache = new WalletCache(2);

    @Test
    void put_moreThanItHolds_theLongestUnusedGoes() {
        cache.put(wallet("a", Wallet.Status.ACTIVE), cache.mark());
        cache.put(wallet("b", Wallet.Status.ACTIVE), cache.mark());
        assertThat(cache.get("a")).isNotNull();
        cache.put(wallet("c", Wallet.Status.ACTIVE), cache.mark());

        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("a")).isNotNull();
        assertThat(cache.get("c")).isNotNull();
    }

    @Test
    void put_suspendedWallet_isNotKept() {
        cache.put(wallet("a", Wallet.Status.SUSPENDED), cache.mark());

        assertThat(cache.get("a")).isNull();
    }

    @Test
    void put_readThatBeganBeforeAChange_isNotKept() {
        long mark = cache.mark();
        cache.forget("a");
        cache.put(wallet("a", Wallet.Status.ACTIVE), mark);

        assertThat(cache.get("a")).isNull();
    }

    private static Wallet wallet(String id, Wallet.Status status) {
        return new Wallet(id, status, 1, List.of(Payments.key("k")), Instant.EPOCH);
    }
}
