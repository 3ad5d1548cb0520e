package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.method.WalletOrderMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.Route;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What does not fit into a header section is refused at the start, and what starts fits (S35, S36). */
@Requirement({"S35", "S36", "F-SV-42", "F-EN-34", "F-SV-50"})
class HeaderBudgetTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private static final Pattern SIZE = Pattern.compile("has ([0-9]+) bytes");
    private static final Pattern NEEDED = Pattern.compile("needs ([0-9]+) bytes of response header");

    @TempDir
    private Path folder = Path.of("");

    private Ledger ledger;
    private Server server = new Server();
    private final HttpConfiguration http = new HttpConfiguration();
    private LocalConnector connector = new LocalConnector(server);

    @BeforeEach
    void open() {
        ledger = SqliteLedger.open(
                folder.resolve("ledger.db"),
                LedgerOptions.builder(task -> new Thread(task).start()).build());
    }

    @AfterEach
    void close() {
        LifeCycle.stop(server);
        ledger.close();
    }

    private PaymentHandler selling(PriceList prices) {
        PaymentHandler handler = new PaymentHandler(Paywall.text("x"));
        handler.addOrigin(new Origin(Paywall.ORIGIN));
        handler.setSigningKey(KEY);
        handler.setSecrets(SecretRing.builder().current(RANDOM.generateSeed(32)).build());
        handler.setLedger(ledger);
        handler.addMethod(new WalletOrderMethod(ledger));
        handler.setPrices(prices);
        server = new Server();
        connector = new LocalConnector(server, new HttpConnectionFactory(http));
        server.addConnector(connector);
        server.setHandler(handler);
        return handler;
    }

    private PaymentHandler described(int length) {
        return selling(PriceList.builder()
                .charge(
                        "/docs/*",
                        Offer.of("0.002usd").description("d".repeat(length)).build())
                .build());
    }

    private String refusal() {
        return String.valueOf(assertThatIllegalStateException()
                .isThrownBy(server::start)
                .actual()
                .getMessage());
    }

    private static int number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private HttpTester.Response post() throws Exception {
        return HttpTester.parseResponse(connector.getResponse(
                "POST /docs/a HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
                30,
                TimeUnit.SECONDS));
    }

    @Test
    @Requirement("F-SV-80")
    void challengeOver8KiB_isRefusedToTheByte() throws Exception {
        described(9_000);
        int base = number(SIZE, refusal());
        // Three characters more are four of base64.
        int longest = 9_000 - (base - 8_192 + 3) / 4 * 3;
        while (true) {
            described(longest + 1);
            try {
                server.start();
            } catch (IllegalStateException e) {
                assertThat(number(SIZE, String.valueOf(e.getMessage()))).isBetween(8_193, 8_196);
                assertThat(e).hasMessageContaining("shorten its description").hasMessageContaining("Route[");
                break;
            }
            server.stop();
            longest++;
        }
        described(longest);
        server.start();
        String sent = post().get("WWW-Authenticate");
        assertThat(sent.length()).isBetween(8_189, 8_192);
        assertThat(sent).contains("jws=", "digest=");
    }

    @Test
    @Requirement("F-SV-81")
    void responseWithoutRoom_isRefusedWithTheNumberToSet() throws Exception {
        http.setResponseHeaderSize(1_024);
        http.setMaxResponseHeaderSize(2_048);
        described(10);
        int needed = number(NEEDED, refusal());
        assertThat(needed).isGreaterThan(2_048);

        http.setMaxResponseHeaderSize(needed - 1);
        described(10);
        assertThat(number(NEEDED, refusal())).isEqualTo(needed);

        http.setMaxResponseHeaderSize(needed);
        described(10);
        server.start();
        assertThat(post().getStatus()).isEqualTo(402);
    }

    @Test
    @Requirement({"F-SV-81", "F-SV-26"})
    void severalOffers_areAddedUp_andThoseThatFitAreSent() throws Exception {
        PriceList several = PriceList.builder()
                .charge(
                        Set.of("POST"),
                        "/docs/*",
                        List.of("0.002usd", "0.002eur", "0.002gbp", "1unit:page").stream()
                                .map(price -> Offer.of(price)
                                        .description("d".repeat(3_000))
                                        .build())
                                .toList())
                .build();
        selling(several);
        int needed = number(NEEDED, refusal());
        assertThat(needed).isGreaterThan(4 * 4_000);
        http.setMaxResponseHeaderSize(needed);
        selling(several);
        server.start();
        HttpTester.Response answer = post();
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(answer.getValuesList("WWW-Authenticate")).hasSize(4);
    }

    @Test
    @Requirement("F-SV-80")
    void priceOfAFunction_isTakenAtItsLongest() throws Exception {
        Offer offer = Offer.of("0.002usd").build();
        PriceList fixed = PriceList.builder().charge("/docs/*", offer).build();
        PriceList computed = PriceList.builder()
                .charge(Set.of(), "/docs/*", offer, Set.of(), facts -> Amount.of(2_000))
                .build();
        PaymentHandler handler = selling(computed);
        server.start();

        assertThat(post().get("WWW-Authenticate")).hasSize(largest(handler, fixed));
        assertThat(largest(handler, computed)).isBetween(largest(handler, fixed) + 18, largest(handler, fixed) + 20);
    }

    private static int largest(PaymentHandler handler, PriceList prices) throws Exception {
        Route route = prices.routes().get(0);
        return handler.gate()
                .largestChallenges(route, new Origin(Paywall.ORIGIN))
                .get(0)
                .format()
                .length();
    }

    @Test
    @Requirement("F-SV-82")
    void requestHeaderUnder8KiB_isRefused_andUnder16KiBIsNoted() throws Exception {
        http.setRequestHeaderSize(8_191);
        described(10);
        assertThat(refusal()).contains("takes 8191 bytes of request header", "requestHeaderSize");

        assertThat(noted(8_192)).singleElement().asString().contains("8192", "16384", "requestHeaderSize");
        LifeCycle.stop(server);
        assertThat(noted(16_384)).isEmpty();
    }

    private List<String> noted(int size) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(PaymentHandler.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            http.setRequestHeaderSize(size);
            described(10);
            server.start();
        } finally {
            logger.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
