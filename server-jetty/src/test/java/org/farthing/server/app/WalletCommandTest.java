package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalletCommandTest {

    private static final String WALLET = "w_kPrK_qmxVWaYVA9wwBF6Ig";

    @TempDir
    private Path temp = Path.of("");

    private Path store = temp;

    @BeforeEach
    void openAWallet() {
        store = temp.resolve("shop.db");
        try (Ledger ledger = open()) {
            WalletKey key = new WalletKey("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "{}");
            ledger.register(new WalletRegistration(WALLET, key))
                    .toCompletableFuture()
                    .join();
        }
    }

    private Ledger open() {
        return SqliteLedger.open(
                store, LedgerOptions.builder(ForkJoinPool.commonPool()).build());
    }

    @Test
    void topUp_wallet_saysWhatItHas() {
        Terminal terminal = Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");

        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).isEqualTo(WALLET + " has 5.00 USD available (5000000 usd.e6).\n");
    }

    @Test
    @Requirement({"F-WA-26"})
    void topUp_sameIdempotencyKey_movesMoneyOnce() {
        for (int i = 0; i < 3; i++) {
            Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd", "--idempotency-key", "bank-7");
        }
        Terminal other =
                Terminal.run("wallet", "topup", "--store", store, WALLET, "6usd", "--idempotency-key", "bank-7");

        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("bank-7").contains("nothing moved");
        assertThat(Terminal.run("wallet", "list", "--store", store).out()).contains(WALLET + "  ACTIVE  5.00 USD\n");
    }

    @Test
    void topUp_withoutKeyTwice_movesMoneyTwice() {
        Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");

        assertThat(Terminal.run("wallet", "topup", "--store", store, WALLET, "0.0005usd")
                        .out())
                .contains("has 5.0005 USD");
    }

    @ParameterizedTest
    @CsvSource({
        "5, is no amount of money",
        "'5,00usd', is no amount of money",
        "-5usd, is no amount of money",
        "5xyz, is no amount of money",
        "0.0000001usd, cannot be counted exactly in usd.e6",
    })
    @Requirement({"T28", "T30"})
    void topUp_badAmount_isOneSentence(String money, String sentence) {
        Terminal terminal = Terminal.run("wallet", "topup", "--store", store, WALLET, "--", money);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains(sentence).doesNotContain("Exception");
        assertThat(terminal.err().strip()).doesNotContain("\n");
    }

    @Test
    void topUp_zero_isRefused() {
        Terminal terminal = Terminal.run("wallet", "topup", "--store", store, WALLET, "0usd");

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void topUp_finerCurrency_isCountedInIt() {
        assertThat(Terminal.run("wallet", "topup", "--store", store, WALLET, "0.0000001usd", "--currency", "usd.e8")
                        .out())
                .contains("(10 usd.e8)");
        assertThat(Terminal.run("wallet", "topup", "--store", store, WALLET, "3unit:pages")
                        .out())
                .contains("(3 unit:pages)");
    }

    @Test
    void topUp_unknownWallet_saysWhoOpensIt() {
        Terminal terminal = Terminal.run("wallet", "topup", "--store", store, "w_AAAAAAAAAAAAAAAAAAAAAA", "5usd");

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("There is no wallet").contains("farthing wallet new");
    }

    @Test
    void anyCommand_noStore_makesNone() {
        Path none = temp.resolve("typo.db");
        Terminal terminal = Terminal.run("wallet", "list", "--store", none);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("There is no store " + none);
        assertThat(none).doesNotExist();
    }

    @Test
    void anyCommand_foreignFile_isRefusedWithASentence() throws Exception {
        Path text = Files.writeString(temp.resolve("notes.txt"), "these are not the books ".repeat(200));
        Terminal terminal = Terminal.run("ledger", "check", "--store", text);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("cannot be opened").doesNotContain("\tat ");
    }

    @Test
    void anyCommand_storeInUse_pointsToTheServer() {
        try (Ledger ledger = open()) {
            Terminal terminal = Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");

            assertThat(terminal.exitCode()).isEqualTo(1);
            assertThat(terminal.err()).contains("--url http://127.0.0.1:PORT").contains("--admin");
            assertThat(ledger.accounts(WALLET).toCompletableFuture().join()).isEmpty();
        }
    }

    @Test
    void show_wallet_tellsItsStory() {
        Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");
        Terminal terminal = Terminal.run("wallet", "show", "--store", store, WALLET);

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out())
                .startsWith(WALLET + "  ACTIVE  5.00 USD\n")
                .contains("key    kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
                .contains("TOP_UP  5.00 USD");
        assertThat(Terminal.run("wallet", "show", "--store", store, "w_x").exitCode())
                .isEqualTo(1);
    }

    @Test
    void ledgerCheck_soundBooks_sumToZero() {
        Terminal.run("wallet", "topup", "--store", store, WALLET, "5usd");
        Terminal terminal = Terminal.run("ledger", "check", "--store", store);

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out())
                .contains("1 transfers and 0 charges")
                .contains("usd.e6: paid in 5.00 USD, in wallets 5.00 USD, set aside 0.00 USD, earned 0.00 USD, sum 0")
                .contains("The books are sound.");
    }
}
