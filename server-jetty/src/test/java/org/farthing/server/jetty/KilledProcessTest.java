package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed between hold and capture; then the same credential: served once, charged once (T45). */
@Requirement({"T45", "F-RE-11", "F-RE-20", "F-ST-15"})
class KilledProcessTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final Payer payer = Payer.with(SigningKey.generate(Algorithm.ED25519, null, RANDOM));
    private final String secret = HexFormat.of().formatHex(RANDOM.generateSeed(32));
    private final String seed = HexFormat.of().formatHex(RANDOM.generateSeed(32));
    private int port;

    @AfterEach
    void stop() {
        completions.shutdownNow();
    }

    @Test
    void killedBetweenHoldAndCapture_theSameCredentialIsServedOnceAndChargedOnce() throws Exception {
        try (Ledger ledger = ledger()) {
            WalletKey first = new WalletKey(
                    payer.key().publicKey().thumbprint(),
                    payer.key().publicKey().toString());
            Paywall.await(ledger.register(new WalletRegistration(payer.wallet(), first)));
            Paywall.await(ledger.topUp(new TopUp(payer.wallet(), "usd.e6", 10_000, "start")));
        }
        String value;
        Process hanging = start("hang");
        try (BufferedReader says = output(hanging)) {
            port = ready(says);
            value = "Authorization: " + payer.pay(ask(""));
            try (Socket lost = send(value)) {
                assertThat(says.readLine()).isEqualTo("handling");
                assertThat(lost.isConnected()).isTrue();
                kill(hanging);
            }
        } finally {
            kill(hanging);
        }
        try (Ledger ledger = ledger()) {
            Account account = Paywall.await(ledger.accounts(payer.wallet())).get(0);
            assertThat(account.available()).isEqualTo(8_000);
            assertThat(account.held()).isEqualTo(2_000);
        }
        Process serving = start("serve");
        try (BufferedReader says = output(serving)) {
            port = ready(says);
            HttpTester.Response answer = ask(value);
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getContent()).isEqualTo("bought");
            HttpTester.Response again = ask(value);
            assertThat(again.get("Payment-Replayed")).isEqualTo("true");
            assertThat(again.get("Payment-Receipt")).isEqualTo(answer.get("Payment-Receipt"));
        } finally {
            kill(serving);
        }
        try (Ledger ledger = ledger()) {
            Account account = Paywall.await(ledger.accounts(payer.wallet())).get(0);
            assertThat(account.available()).isEqualTo(8_000);
            assertThat(account.held()).isZero();
            assertThat(Paywall.await(ledger.check()).sound()).isTrue();
        }
    }

    private Ledger ledger() {
        return SqliteLedger.open(store(), LedgerOptions.builder(completions).build());
    }

    private Path store() {
        return folder.resolve("ledger.db");
    }

    private Process start(String mode) throws IOException {
        String path = String.join(
                File.pathSeparator,
                List.of(
                        System.getProperty("java.class.path", ""),
                        System.getProperty("jdk.module.path", ""),
                        Path.of("target", "test-classes").toAbsolutePath().toString()));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        SellingProcess.class.getName(),
                        store().toString(),
                        secret,
                        seed,
                        mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A port that was free before the process began might be taken by now, so it says which one it got. */
    private static int ready(BufferedReader says) throws IOException {
        String line = says.readLine();
        assertThat(line).startsWith("ready ");
        return Integer.parseInt(line.substring("ready ".length()));
    }

    private Socket send(String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String lines = "GET /docs/a HTTP/1.1\r\nHost: " + SellingProcess.AUTHORITY + "\r\nConnection: close\r\n"
                + (header.isEmpty() ? "" : header + "\r\n") + "\r\n";
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private HttpTester.Response ask(String header) throws IOException {
        try (Socket socket = send(header)) {
            return HttpTester.parseResponse(HttpTester.from(socket.getInputStream()));
        }
    }
}
