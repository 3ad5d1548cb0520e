package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.await;

import java.util.List;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.WalletResult;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} must do about wallets and their keys. */
public abstract class WalletContract extends ChargeKit {

    /** For the store's own test. */
    protected WalletContract() {}

    @Test
    void wallets_inPages_listsAllOnceInOrder() {
        for (String id : List.of("w_dora", "w_bob", "w_carl")) {
            await(ledger().register(new WalletRegistration(id, Payments.key(id))));
        }

        List<Wallet> first = await(ledger().wallets(null, 3));
        assertThat(first).extracting(Wallet::id).containsExactly(ALICE, "w_bob", "w_carl");
        assertThat(first.get(0)).isEqualTo(await(ledger().wallet(ALICE)).orElseThrow());
        assertThat(await(ledger().wallets("w_carl", 3))).extracting(Wallet::id).containsExactly("w_dora");
        assertThat(await(ledger().wallets("w_dora", 3))).isEmpty();
        assertThatThrownBy(() -> ledger().wallets(null, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().wallets(null, 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-WA-1"})
    void register_twice_isTheSameWallet() {
        Wallet alice = await(ledger().wallet(ALICE)).orElseThrow();

        assertThat(await(ledger().register(Payments.registration(ALICE)))).isEqualTo(new WalletResult.Unchanged(alice));
        assertThat(await(ledger().register(new WalletRegistration(ALICE, Payments.key("thief")))))
                .isInstanceOf(WalletResult.Refused.class);
        assertThat(alice.keys()).containsExactly(Payments.key("key-of-" + ALICE));
        assertThat(await(ledger().wallet("w_nobody"))).isEmpty();
    }

    @Test
    void wallet_readBefore_completesAtOnce() {
        await(ledger().wallet(ALICE));

        assertThat(ledger().wallet(ALICE).toCompletableFuture()).isDone();
    }

    @Test
    void wallet_afterAChange_isNotTheOldOne() {
        await(ledger().wallet(ALICE));

        await(ledger().addKey(ALICE, Payments.key("second")));
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().key("second")).isPresent();
        await(ledger().revokeKey(ALICE, "key-of-" + ALICE));
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().keys()).containsExactly(Payments.key("second"));
        await(ledger().setStatus(ALICE, Wallet.Status.SUSPENDED));
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().status()).isEqualTo(Wallet.Status.SUSPENDED);
        await(ledger().setStatus(ALICE, Wallet.Status.ACTIVE));
        Wallet last = await(ledger().wallet(ALICE)).orElseThrow();
        assertThat(last.status()).isEqualTo(Wallet.Status.ACTIVE);
        assertThat(last.version()).isEqualTo(5);
    }

    @Test
    @Requirement({"F-WA-2"})
    void revokeKey_theLastOrAStranger_isRefused_andNoKeyComesBack() {
        String first = "key-of-" + ALICE;
        assertThat(await(ledger().revokeKey(ALICE, first))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().revokeKey(ALICE, "stranger"))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().revokeKey("w_nobody", first))).isEqualTo(new WalletResult.Unknown());
        await(ledger().addKey(ALICE, Payments.key("second")));
        await(ledger().revokeKey(ALICE, first));

        assertThat(await(ledger().revokeKey(ALICE, first))).isInstanceOf(WalletResult.Unchanged.class);
        assertThat(await(ledger().addKey(ALICE, Payments.key(first)))).isInstanceOf(WalletResult.Refused.class);
        assertThat(await(ledger().addKey(ALICE, Payments.key("second")))).isInstanceOf(WalletResult.Unchanged.class);
        assertThat(await(ledger().wallet(ALICE)).orElseThrow().version()).isEqualTo(3);
    }
}
