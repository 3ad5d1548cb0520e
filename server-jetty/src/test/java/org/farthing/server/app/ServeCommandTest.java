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
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.server.mint.KeyLife;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code serve}: what it says when it runs, and what it refuses to start with. */
class ServeCommandTest {

    @TempDir
    private Path temp = Path.of("");

    private Path docs = temp;
    private Path keys = temp;
    private Path store = temp;

    @BeforeEach
    void prepare() throws IOException {
        docs = Files.createDirectories(temp.resolve("docs"));
        keys = temp.resolve("keys");
        store = temp.resolve("shop.db");
        Files.writeString(docs.resolve("a.html"), "a");
        Files.writeString(docs.resolve("b.css"), "b");
        assertThat(Terminal.run("keys", "init", "--dir", keys).exitCode()).isZero();
    }

    @Test
    void serve_goodConfiguration_saysWhatItSellsAndIsReadyUntilItIsStopped() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        StringWriter err = new StringWriter();
        try (PipedReader reading = new PipedReader(64 * 1024);
                BufferedReader lines = new BufferedReader(reading)) {
            CommandLine command = ServerCommand.commandLine(InstantSource.system());
            command.setOut(new PrintWriter(new PipedWriter(reading), true));
            command.setErr(new PrintWriter(err, true));
            String[] words = Arrays.stream(words("--free", "*.css", "--port", "0"))
                    .map(Object::toString)
                    .toArray(String[]::new);
            Future<Integer> exitCode = thread.submit(() -> command.execute(words));

            List<String> printed = new ArrayList<>();
            String line = lines.readLine();
            while (line != null && !line.startsWith("ready ")) {
                printed.add(line);
                line = lines.readLine();
            }
            Origin ready = Origin.parse(String.valueOf(line).replaceAll("^ready (.*)/$", "$1"));

            assertThat(printed)
                    .anySatisfy(text -> assertThat(text).isEqualTo("Selling 2 files of " + docs + " as " + ready + ":"))
                    .contains("  0.002 USD  /a.html", "  free  /b.css", "  curl -i " + ready + "/a.html")
                    .noneSatisfy(text -> assertThat(text)
                            .contains(Files.readString(keys.resolve("admin.bearer"))
                                    .strip()));
            assertThat(new Customer(ready).get("/a.html").statusCode()).isEqualTo(402);
            assertThat(new Customer(ready).get("/b.css").statusCode()).isEqualTo(200);

            thread.shutdownNow();
            assertThat(exitCode.get(60, TimeUnit.SECONDS)).isZero();
            assertThat(err.toString()).isEmpty();
        } finally {
            thread.shutdownNow();
        }
        // The store is closed and its lock given back.
        assertThat(Terminal.run("ledger", "check", "--store", store).exitCode()).isZero();
    }

    @Test
    @Requirement("F-SV-62")
    void serve_limitsThatAreNone_areRefused() {
        assertThat(Terminal.run(words("--rate", "-1")).exitCode()).isEqualTo(2);
        assertThat(Terminal.run(words("--wallet-rate", "-1")).exitCode()).isEqualTo(2);
        assertThat(Terminal.run(words("--forwarded-for", " ")).exitCode()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-SV-62", "F-SV-64", "S51", "T39"})
    void serve_networksThatAskTooOften_wait() throws Exception {
        RequestLimits two = new RequestLimits(2, 0, Optional.of("X-Forwarded-For"));
        // Of two a minute one comes back after half a minute, which must not pass here.
        InstantSource still = InstantSource.fixed(Instant.now());
        try (DocumentShop shop = DocumentShop.open(ShopConfig.builder(docs, store, KeyFiles.in(keys), "0.002usd")
                .limits(two)
                .clock(still)
                .build())) {
            Customer customer = new Customer(shop.origin());
            List<Integer> answers = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                answers.add(customer.get("/a.html", "X-Forwarded-For", "203.0.113." + i)
                        .statusCode());
            }
            assertThat(answers).containsExactly(402, 402, 429, 429);
            assertThat(customer.get("/a.html", "X-Forwarded-For", "203.0.114.1").statusCode())
                    .isEqualTo(402);
        }
    }

    @Test
    @Requirement({"F-TK-50", "F-TK-77", "F-TK-79", "F-TK-93"})
    void serve_withAMint_sellsTokensOfItsOwnAndTakesThem() throws Exception {
        Path tokenKeys = temp.resolve("token-keys");
        addTokenKeys(tokenKeys, 100);
        TokenValues values = TokenValues.of(Shown.money("0.0001usd"), List.of(Shown.money("0.01usd")));
        try (DocumentShop shop = DocumentShop.open(ShopConfig.builder(docs, store, KeyFiles.in(keys), "0.002usd")
                .tokens(new TokenTrade.OwnMint(tokenKeys, values, List.of(), 4))
                .build())) {
            assertThat(shop.tokens().orElse(""))
                    .contains("sold for 0.01 USD at once: farthing tokens buy " + shop.origin());
            Customer customer = new Customer(shop.origin());
            IssuerDirectory directory = IssuerDirectory.parse(
                    customer.get(IssuerDirectory.WELL_KNOWN_PATH).body().getBytes(StandardCharsets.UTF_8));
            assertThat(directory.keys()).hasSize(9);
            assertThat(directory.bundles()).singleElement().satisfies(bundle -> {
                assertThat(bundle.amount().baseUnits()).isEqualTo(10_000);
                assertThat(bundle.count()).isEqualTo(19);
            });
            HttpResponse<String> asked = customer.get("/a.html");
            assertThat(asked.statusCode()).isEqualTo(402);
            assertThat(asked.headers().allValues("WWW-Authenticate"))
                    .anySatisfy(offer -> assertThat(offer).contains("method=\"token\""));
            assertThat(customer.send("POST", "/token-restore", "{}").statusCode())
                    .as("the mint is there")
                    .isEqualTo(400);
            assertThat(MintKeyFiles.in(tokenKeys).read()).hasSize(9);
        }
    }

    /** Making nine keys takes seconds, so most are there; the mint makes those that are missing. */
    static void addTokenKeys(Path folder, long smallest) throws IOException {
        MintKeyFiles files = MintKeyFiles.in(folder);
        files.makeFolder();
        Instant begin = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
        for (int i = 0; i < TestTokenKeys.all().size(); i++) {
            TokenSecretKey secret = TestTokenKeys.get(i);
            assertThat(files.add(new MintKey(
                            secret,
                            KeyLife.DEFAULT.publish(
                                    secret.publicKey(), Amount.of(smallest << i), new CurrencyId("usd.e6"), begin))))
                    .isTrue();
        }
    }

    @Test
    @Requirement({"F-TK-89", "F-SV-50", "T38"})
    void serve_tokenOptionsThatDoNotFit_areRefused() {
        for (String wrong : List.of(
                "--mint m --token-issuer https://mint.example",
                "--bundle 1usd",
                "--smallest-token 0.001usd",
                "--token-payee https://other.example",
                "--present-every PT1H",
                "--mint m --smallest-token 0.001eur",
                "--mint m --max-tokens 17",
                "--token-issuer https://mint.example --max-tokens 0")) {
            assertThat(Terminal.run(words((Object[]) wrong.split(" ", -1))).exitCode())
                    .as(wrong)
                    .isEqualTo(2);
        }
        Path mint = temp.resolve("m");
        assertRefused("is no multiple of the smallest token", "--mint", mint, "--bundle", "0.00015usd");
        assertRefused("more than 256 tokens", "--mint", mint, "--bundle", "10usd");
        assertRefused(
                "names this server itself",
                "--mint",
                mint,
                "--token-payee",
                "https://shop.example",
                "--origin",
                "https://shop.example");
        assertRefused(
                "plain http",
                "--mint",
                mint,
                "--token-payee",
                "http://127.0.0.1:1",
                "--origin",
                "https://shop.example");
        assertRefused("Move it out", "--mint", docs.resolve("token-keys"));
        assertThat(mint).doesNotExist();
    }

    @Test
    @Requirement({"F-KY-40", "F-SV-50"})
    void serve_noKeys_saysHowToMakeThem() {
        assertRefused("farthing-server keys init --dir " + temp.resolve("none"), "--keys", temp.resolve("none"));
    }

    @Test
    @Requirement({"F-KY-40", "F-SV-50"})
    void serve_keysOthersCanRead_saysHowToCloseThem() throws IOException {
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertRefused("chmod 700 " + keys);
    }

    @Test
    @Requirement({"F-BI-11", "F-SV-50", "T32"})
    void serve_shortSecret_isRefused() throws IOException {
        try (Stream<Path> files = Files.list(keys)) {
            Path secret = files.filter(f -> f.toString().endsWith(".secret"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(secret, "dG1w");
            assertRefused(secret.toString());
        }
    }

    @Test
    @Requirement({"F-KY-42", "F-SV-50"})
    void serve_publishedKeyAtAPublicOrigin_isRefused() throws IOException {
        try (Stream<Path> files = Files.list(keys)) {
            Path key =
                    files.filter(f -> f.toString().endsWith(".jwk")).findFirst().orElseThrow();
            Files.writeString(
                    key,
                    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                            + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        }
        assertRefused("published in a specification", "--origin", "https://shop.example");
    }

    @ParameterizedTest
    @CsvSource({
        "--origin=http://shop.example, plain http",
        "--bind=0.0.0.0, plain http on the network",
        "'--bind=0.0.0.0 --origin=http://127.0.0.1:8402', plain http on the network",
        "'--bind=0.0.0.0 --origin=https://shop.example', --tls-proxy",
        "--bind=no.such.host.invalid, is no address of this machine",
        "--bind=192.0.2.1, plain http on the network"
    })
    @Requirement({"F-BI-33", "F-SV-40", "F-SV-50", "S39", "T13"})
    void serve_plainHttpOnTheNetwork_isRefused(String options, String sentence) {
        assertRefused(sentence, List.of(options.split(" ", -1)).toArray());
    }

    @Test
    @Requirement({"F-SV-50"})
    void serve_foreignStore_isRefused() throws IOException {
        Files.writeString(store, "these are not the books ".repeat(500));

        assertRefused("cannot be opened");
    }

    @Test
    @Requirement({"T38"})
    void serve_storeOrKeysAmongWhatIsSold_isRefused() throws IOException {
        assertRefused("Move it out", "--store", docs.resolve("shop.db"));
        Files.move(keys, docs.resolve("keys"));
        assertRefused("Move it out", "--keys", docs.resolve("keys"));
        Path link = Files.createSymbolicLink(temp.resolve("alias"), docs);
        assertRefused("Move it out", "--keys", link.resolve("keys"));
    }

    @Test
    void serve_portInUse_saysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused("--port", "--port", taken.getLocalPort());
        }
        // A refused start leaves nothing locked behind.
        assertRefused("plain http", "--origin", "http://shop.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0.002", "usd", "-1usd", "0.002xyz", "*.pdf=cheap"})
    @Requirement({"F-SV-50", "F-MO-23"})
    void serve_priceThatIsNone_isRefused(String price) {
        Terminal terminal = Terminal.run(
                "serve", "--keys", keys, "--store", store, "--port", "0", "--price=" + price, "--price", "1usd", docs);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).contains("is no amount of money");
    }

    @Test
    void serve_noFolder_isRefused() throws IOException {
        docs = Files.createFile(temp.resolve("file"));

        assertRefused("There is no folder");
    }

    @Test
    void serve_pathThatIsNotUnderstood_isRefused() {
        assertRefused("is not understood", "--free", "/a*b");
        assertRefused("is not understood", "--price", "/**/x=1usd");
    }

    @Test
    void serve_freeAndPricedPath_isRefused() {
        assertRefused("two entries", "--free", "a.html", "--price", "/a.html=1usd");
    }

    @Test
    void serve_wrongUse_isExitCode2() {
        assertThat(Terminal.run("serve", "--keys", keys, "--store", store, docs).exitCode())
                .isEqualTo(2);
        assertThat(Terminal.run("serve", "--keys", keys, "--price", "1usd", docs)
                        .exitCode())
                .isEqualTo(2);
        assertThat(Terminal.run(words("--price", "2usd")).exitCode()).isEqualTo(2);
        assertThat(Terminal.run(words("--origin", "shop.example")).exitCode()).isEqualTo(2);
        assertThat(Terminal.run(words("--port", "x")).exitCode()).isEqualTo(2);
    }

    private void assertRefused(String sentence, Object... more) {
        boolean stored = Files.exists(store);
        Terminal terminal = Terminal.run(words(more));

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err())
                .startsWith("farthing-server: ")
                .contains(sentence)
                .doesNotContain("Exception");
        assertThat(terminal.err().strip()).doesNotContain("\n");
        assertThat(terminal.out()).isEmpty();
        assertThat(Files.exists(store)).as("nothing is made by a refused start").isEqualTo(stored);
    }

    /** A good command line, with more options that win over its own. */
    private Object[] words(Object... more) {
        List<String> options = Arrays.stream(more).map(Object::toString).toList();
        List<String> words = new ArrayList<>(List.of("serve", "--price", "0.002usd"));
        addUnless(options, words, "--keys", keys);
        addUnless(options, words, "--store", store);
        addUnless(options, words, "--port", "0");
        words.addAll(options);
        words.add(docs.toString());
        return words.toArray();
    }

    private static void addUnless(List<String> given, List<String> words, String option, Object value) {
        if (!given.contains(option)) {
            words.add(option);
            words.add(value.toString());
        }
    }
}
