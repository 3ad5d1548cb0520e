package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.server.keys.KeyFiles;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code wallet-service} and {@code payee}: what they say, and what they refuse. */
@Requirement({"F-WS-47"})
class WalletServiceCommandTest {

    @TempDir
    private Path temp = Path.of("");

    private Path keys = temp;
    private Path store = temp;

    @BeforeEach
    void prepare() {
        keys = temp.resolve("service-keys");
        store = temp.resolve("wallets.db");
        Terminal made = Terminal.run("keys", "init", "--wallet-service", "--dir", keys);
        assertThat(made.exitCode()).isZero();
        assertThat(made.out())
                .contains("ED25519, roles receipt-token\n")
                .contains("farthing-server wallet-service --keys " + keys)
                .contains("registers payees");
    }

    @Test
    void walletService_goodConfiguration_isReadyUntilItIsStopped() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        StringWriter err = new StringWriter();
        try (DocumentShop shop = shop();
                PipedReader reading = new PipedReader(64 * 1024);
                BufferedReader lines = new BufferedReader(reading)) {
            CommandLine command = ServerCommand.commandLine(InstantSource.system());
            command.setOut(new PrintWriter(new PipedWriter(reading), true));
            command.setErr(new PrintWriter(err, true));
            Future<Integer> exitCode = thread.submit(
                    () -> command.execute(words("--payee", shop.origin() + "/", "--daily-limit", "5usd")));

            List<String> printed = new ArrayList<>();
            String line = lines.readLine();
            while (line != null && !line.startsWith("ready ")) {
                printed.add(line);
                line = lines.readLine();
            }
            Origin ready = Origin.parse(String.valueOf(line).replaceAll("^ready (.*)/$", "$1"));

            assertThat(printed)
                    .contains("Wallet service " + ready + ", ledger " + store + ".")
                    .contains("Payments are made to:", "  " + shop.origin())
                    .noneSatisfy(text -> assertThat(text)
                            .contains(Files.readString(keys.resolve("admin.bearer"))
                                    .strip()));
            Customer customer = new Customer(ready);
            KeyDirectory published =
                    KeyDirectory.parse(customer.get("/.well-known/payment-keys").body());
            assertThat(published.payee()).isEqualTo(ready.text());
            assertThat(published.keys())
                    .allSatisfy(key -> assertThat(key.roles()).containsExactly(Role.RECEIPT_TOKEN));
            assertThat(customer.get("/v1/payments").statusCode()).isEqualTo(405);
            assertThat(customer.get("/other").statusCode()).isEqualTo(404);
            payeesAreKept(ready, shop.origin());

            thread.shutdownNow();
            assertThat(exitCode.get(60, TimeUnit.SECONDS)).isZero();
            assertThat(err.toString()).isEmpty();
        } finally {
            thread.shutdownNow();
        }
        // The store is closed and its lock given back.
        assertThat(Terminal.run("ledger", "check", "--store", store).exitCode()).isZero();
    }

    /** What an operator does with payees while the service runs. */
    private void payeesAreKept(Origin service, Origin shop) {
        Terminal listed = payee(service, "list");
        assertThat(listed.out()).isEqualTo(shop + "  ACTIVE  prompt  no keys fetched yet\n1 payee.\n");

        Terminal added = payee(service, "add", "--deferred", shop);
        assertThat(added.exitCode()).as(added.err()).isZero();
        assertThat(added.out()).startsWith(shop + "  ACTIVE  deferred  keys of 20");

        assertThat(payee(service, "freeze", shop).out()).startsWith(shop + "  FROZEN  deferred  keys of");
        assertThat(payee(service, "add", shop).out()).startsWith(shop + "  FROZEN  prompt  ");
        assertThat(payee(service, "unfreeze", shop + "/").out()).startsWith(shop + "  ACTIVE  prompt  ");
        assertThat(payee(service, "list").out()).endsWith("\n1 payee.\n");

        Terminal unknown = payee(service, "freeze", "https://nobody.example");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("There is no payee https://nobody.example")
                .contains("Nothing changed");
        Terminal away = payee(service, "add", "http://127.0.0.1:1");
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err()).contains("was not registered").contains("nobody answers there");
        assertThat(payee(service, "add", "shop.example").exitCode()).isEqualTo(2);

        assertThat(Terminal.run("payee", "list", "--url", shop, "--admin", keys.resolve("admin.bearer"))
                        .exitCode())
                .as("a shop is no wallet service")
                .isEqualTo(1);
    }

    private Terminal payee(Origin service, String what, Object... more) {
        List<Object> words =
                new ArrayList<>(List.of("payee", what, "--url", service, "--admin", keys.resolve("admin.bearer")));
        words.addAll(List.of(more));
        return Terminal.run(words.toArray());
    }

    private DocumentShop shop() throws IOException {
        Path docs = Files.createDirectories(temp.resolve("docs"));
        Files.writeString(docs.resolve("a.html"), "a");
        KeyFiles shopKeys = KeyFiles.in(temp.resolve("shop-keys"));
        shopKeys.init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        return DocumentShop.open(ShopConfig.builder(docs, temp.resolve("shop.db"), shopKeys, "0.002usd")
                .build());
    }

    @Test
    @Requirement({"F-KY-40"})
    void walletService_noKeys_saysHowToMakeThem() {
        assertRefused(
                "farthing-server keys init --wallet-service --dir " + temp.resolve("none"),
                "--keys",
                temp.resolve("none"));
    }

    @Test
    @Requirement({"F-KY-21", "T75"})
    void walletService_keysOfAPayee_areRefused() {
        Terminal.run("keys", "init", "--dir", temp.resolve("payee"));

        assertRefused("is a payee's", "--keys", temp.resolve("payee"));
    }

    @Test
    @Requirement({"F-KY-21", "T75"})
    void serve_keysOfAWalletService_areRefused() throws IOException {
        Path docs = Files.createDirectories(temp.resolve("docs"));
        Terminal terminal = Terminal.run("serve", "--keys", keys, "--store", store, "--price", "1usd", docs);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("must never be loaded by a server that charges");
        assertThat(Files.exists(store)).isFalse();
    }

    @Test
    @Requirement({"F-KY-40"})
    void walletService_keysOthersCanRead_saysHowToCloseThem() throws IOException {
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertRefused("chmod 700 " + keys);
    }

    @Test
    @Requirement({"F-KY-42"})
    void walletService_publishedKeyAtAPublicOrigin_isRefused() throws IOException {
        try (Stream<Path> files = Files.list(keys)) {
            Path key = files.filter(file -> file.toString().endsWith(".jwk"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(
                    key,
                    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                            + "\"roles\":[\"receipt-token\"],\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        }

        assertRefused("published in a specification", "--origin", "https://wallet.example");
    }

    @ParameterizedTest
    @CsvSource({
        "--origin=http://wallet.example, plain http",
        "--bind=0.0.0.0, plain http on the network",
        "'--bind=0.0.0.0 --origin=https://wallet.example', --tls-proxy",
        "--payee=http://shop.example, plain http",
        "'--payee=http://127.0.0.1:8402 --origin=https://wallet.example', plain http",
        "'--payee=https://wallet.example --origin=https://wallet.example', names this service itself",
        "--daily-limit=5, is no amount of money"
    })
    @Requirement({"F-BI-33", "F-BI-34", "S39", "T13"})
    void walletService_unsafeConfiguration_isRefused(String options, String sentence) {
        assertRefused(sentence, List.of(options.split(" ", -1)).toArray());
    }

    @Test
    void walletService_portInUse_saysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused("--port", "--port", taken.getLocalPort());
        }
    }

    @Test
    void walletService_wrongUse_isExitCode2() {
        assertThat(Terminal.run("wallet-service", "--keys", keys).exitCode()).isEqualTo(2);
        assertThat(Terminal.run((Object[]) words("--origin", "wallet.example")).exitCode())
                .isEqualTo(2);
        assertThat(Terminal.run((Object[]) words("--payee", "shop.example")).exitCode())
                .isEqualTo(2);
    }

    @Test
    void keys_ofAWalletService_areListedAndRotatedButHaveNoSecret() {
        assertThat(Terminal.run("keys", "list", "--dir", keys).out())
                .contains("(signs now)")
                .contains("roles receipt-token\n");
        Terminal secret = Terminal.run("keys", "rotate", "--secret", "--dir", keys);
        assertThat(secret.exitCode()).isEqualTo(1);
        assertThat(secret.err()).contains("has no challenge secret");
    }

    private void assertRefused(String sentence, Object... more) {
        Terminal terminal = Terminal.run((Object[]) words(more));

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err())
                .startsWith("farthing-server: ")
                .contains(sentence)
                .doesNotContain("Exception");
        assertThat(terminal.err().strip()).doesNotContain("\n");
        assertThat(terminal.out()).isEmpty();
        assertThat(Files.exists(store)).as("nothing is made by a refused start").isFalse();
    }

    /** A good command line, with more options that win over its own. */
    private String[] words(Object... more) {
        List<String> options = Arrays.stream(more).map(Object::toString).toList();
        List<String> words = new ArrayList<>(List.of("wallet-service", "--store", store.toString()));
        if (!options.contains("--keys")) {
            words.addAll(List.of("--keys", keys.toString()));
        }
        if (!options.contains("--port")) {
            words.addAll(List.of("--port", "0"));
        }
        words.addAll(options);
        return words.toArray(new String[0]);
    }
}
