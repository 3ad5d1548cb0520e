package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.farthing.testing.Requirement;
import org.farthing.testing.ReservedPort;
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
    @Requirement({"F-TK-50", "F-TK-58", "F-TK-60", "F-TK-79", "F-TK-91", "T57", "T59"})
    void demo_tokens_boughtSpentRefusedChangedAndPaidOut() throws Exception {
        Path store = temp.resolve("shop.db");
        List<ReservedPort> ports = shopAndMint();
        int port = ports.get(0).number();
        Path beside = Files.createDirectory(
                temp.resolve("shop.db.demo"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path mint = Files.createDirectory(beside.resolve("mint-" + ports.get(1).number()));
        ServeCommandTest.addTokenKeys(mint.resolve("token-keys"), 100);
        Terminal run = Terminal.run("demo", "--tokens", "--port", port, "--store", store);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "8. The books",
                        "9. A mint, for payments without a name",
                        "sells      tokens worth 0.0001 to 0.0256 USD",
                        "for 0.01 USD, 0.05 USD, 0.20 USD at once",
                        "10. A program buys tokens",
                        "bought     19 tokens for 0.01 USD",
                        "11. It pays the shop, where it has no wallet",
                        "answer     200, money: captured",
                        "for 2 tokens; no payer, no balance",
                        "12. The same tokens, once more",
                        "402, code TOKEN_SPENT: numbers 0 1 of those shown were used",
                        "13. Change",
                        "verified   every signature",
                        "answer     200, money: captured",
                        "14. The shop is paid, and both books balance",
                        "credited   0.0055 USD by the mint; the shop's own books say 0.0055 USD",
                        "out        0.0045 USD in the mint's books",
                        "of no key more than were issued",
                        "Everything was as it should be.");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 110, "fits a terminal");
        Terminal status = Terminal.run("mint", "status", "--store", mint.resolve("ledger.db"));
        assertThat(status.exitCode()).as(status.err()).isZero();
        assertThat(status.out()).contains("tokens worth 0.0045 USD are out.");
        for (ReservedPort one : ports) {
            one.close();
        }
    }

    /** Two free ports, the mint's two above the shop's. */
    private static List<ReservedPort> shopAndMint() throws IOException {
        while (true) {
            ReservedPort shop = ReservedPort.any();
            try {
                return List.of(shop, ReservedPort.at(shop.number() + 2));
            } catch (IOException | IllegalArgumentException taken) {
                // By somebody else, or there is no such port.
                shop.close();
            }
        }
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
