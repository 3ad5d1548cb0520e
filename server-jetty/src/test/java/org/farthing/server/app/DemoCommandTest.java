package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DemoCommandTest {

    @TempDir
    Path temp;

    @Test
    void demo_withoutOptions_tellsTheWholeStoryAndLeavesNothing() throws Exception {
        Terminal run = Terminal.run("demo");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "1. A server that sells",
                        "402 Payment Required, code PAYMENT_REQUIRED",
                        "price      0.0005 USD",
                        "signed     by the payee, key ",
                        "3. A program gets a wallet",
                        "limits     only this server, 0.01 USD a request, 0.005 USD in all",
                        "checked",
                        "counted    0.0005 USD",
                        "answer     200, money: captured",
                        "5. The receipt",
                        "verified   with the keys from http://127.0.0.1:",
                        "bought     /spec/client.html          0.002 USD",
                        "0.02 USD is more than the 0.01 USD that one request may cost",
                        "0.002 USD is more than the 0.0015 USD left in all",
                        "8. The books",
                        "taken          0.002000",
                        "left           0.046500",
                        "earned         0.003500",
                        "sum            0.000000",
                        "7 transfers, 3 charges",
                        "Everything was as it should be.");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 110, "fits a terminal");
        Path store = run.out()
                .lines()
                .map(String::strip)
                .filter(line -> line.endsWith("ledger.db"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        assertThat(store.toString()).contains("farthing-demo-");
        assertThat(store.resolveSibling(".")).doesNotExist();
    }

    @Test
    void demo_withStore_keepsItForItsOwnerAndGoesOn() throws Exception {
        Path store = temp.resolve("shop.db");
        assertThat(Terminal.run("demo", "--store", store).exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("shop.db.demo"))))
                .isEqualTo("rwx------");
        Terminal again = Terminal.run("demo", "--store", store);
        assertThat(again.err()).isEmpty();
        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .contains("earned         0.007000", "sum            0.000000", "14 transfers, 6 charges");
    }

    @Test
    void demo_viaWallet_showsTheSamePurchaseBothWaysAndBothBooksAgree() throws Exception {
        Terminal run = Terminal.run("demo", "--via-wallet");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "8. The books",
                        "9. A wallet service, for many shops",
                        "402        now with two offers",
                        "a day      at most 0.02 USD",
                        "11. The same document, paid there",
                        "POST       http://127.0.0.1:",
                        "answer     200, money: captured",
                        "owed       0.0005 USD",
                        "wallet     0.0495 USD left of 0.05 USD",
                        "both agree to the base unit: 0.0005 USD in 1 payment",
                        "Everything was as it should be.");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 110, "fits a terminal");
    }

    @Test
    void demo_viaWalletWithStore_goesOnWithBothBooks() throws Exception {
        Path store = temp.resolve("shop.db");
        assertThat(Terminal.run("demo", "--via-wallet", "--store", store).exitCode())
                .isZero();
        Terminal again = Terminal.run("demo", "--via-wallet", "--store", store);
        assertThat(again.err()).isEmpty();
        assertThat(again.out()).contains("owed       0.001 USD by the service", "0.0005 USD in 1 payment");
    }

    @Test
    void demo_booksThatDoNotBalance_failWithASentence() throws Exception {
        Path store = temp.resolve("shop.db");
        assertThat(Terminal.run("demo", "--store", store).exitCode()).isZero();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE account SET available = available + 1"))
                    .isEqualTo(1);
        }
        Terminal run = Terminal.run("demo", "--store", store);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("farthing-server: ").doesNotContain("Exception", "\tat ");
        assertThat(run.out()).doesNotContain("Everything was as it should be.");
    }

    @Test
    void demo_portTaken_failsWithASentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Terminal run = Terminal.run("demo", "--port", taken.getLocalPort());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("port is in use").hasLineCount(1);
        }
    }
}
