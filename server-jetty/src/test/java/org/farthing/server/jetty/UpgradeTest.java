package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.server.ledger.ChargeState;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that answer 101 and take the connection over, as WebSocket does (spec/charge.md, F-ST-38; threats 44, 63, 65). */
class UpgradeTest {

    private static final String PAID_FOR = "what is sold after the upgrade";

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;

    @BeforeEach
    void start() {
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/held/*", Paywall.offer().build())
                        .charge("/socket/*", Paywall.offer().upfront().build()));
        paywall.app(switching());
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
            assertThat(paywall.account(paywall.alice).held()).isZero();
        } finally {
            paywall.close();
        }
    }

    @Test
    @Requirement({"T44", "T63", "T65", "F-ST-38", "F-ST-34"})
    void upgradeOnARouteThatHolds_500AndTheConnectionIsNotSwitched() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.get("/held/a"));
        String read = exchange("/held/a", challenge, "HTTP/1.1 500");
        HttpTester.Response answer = HttpTester.parseResponse(read);
        assertThat(read).doesNotContain(PAID_FOR, "HTTP/1.1 101");
        assertThat(answer.get("Upgrade")).isNull();
        assertThat(answer.get("Payment-Outcome")).isEqualTo("released;id=\"" + challenge.id() + "\"");
        assertThat(Problem.parse(answer.getContentBytes()).type()).isEqualTo(ProblemType.INTERNAL_PAYMENT_ERROR);
        assertThat(paywall.charge(challenge.id()).state()).isEqualTo(ChargeState.RELEASED);
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"T44", "F-ST-38", "F-RC-3"})
    void upgradeOnARoutePaidUpfront_opensTheConnectionForItsPrice() throws Exception {
        Challenge challenge = Payer.challengeOf(paywall.get("/socket/a"));
        String read = exchange("/socket/a", challenge, PAID_FOR);
        assertThat(read).startsWith("HTTP/1.1 101").contains("Payment-Outcome: captured;id=\"" + challenge.id() + "\"");
        assertThat(read).doesNotContain("Payment-Receipt");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        assertThat(paywall.executions).hasValue(1);
    }

    @Test
    @Requirement({"T65", "F-ST-38"})
    void upgradeWithoutPayment_neverReachesTheHandler() {
        HttpTester.Response answer = paywall.get("/socket/a", "Connection: Upgrade", "Upgrade: websocket");
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(paywall.executions).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/held/a", "/socket/a"})
    @Requirement({"T44", "F-ST-38"})
    void interimStatusAsAnAnswer_500AndNotCharged(String path) {
        paywall.app(Paywall.status(103));
        HttpTester.Response answer = paywall.buy(path);
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.get("Payment-Outcome")).startsWith("released;");
        assertThat(answer.get("Location")).isNull();
        assertThat(paywall.nothingMoved()).isTrue();
    }

    /** Pays and reads until the text comes. */
    private String exchange(String path, Challenge challenge, String until) throws Exception {
        StringBuilder read = new StringBuilder();
        try (var client = paywall.connect()) {
            client.addInput("GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\n"
                    + "Upgrade: telegraph\r\nAuthorization: " + paywall.alice.pay(challenge) + "\r\n\r\n");
            Paywall.awaitTrue(
                    () -> read.append(client.takeOutputString()).indexOf(until) >= 0
                            && !read.toString().endsWith("\r\n\r\n"),
                    () -> read);
        }
        return read.toString();
    }

    private static Handler switching() {
        return Paywall.of((request, response, callback) -> {
            EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
            request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new Telegraph(endPoint));
            response.setStatus(101);
            response.getHeaders().put("Connection", "Upgrade").put("Upgrade", "telegraph");
            callback.succeeded();
        });
    }

    /** Another protocol: it says what was paid for as soon as it has the connection. */
    private static final class Telegraph extends AbstractConnection {

        Telegraph(EndPoint endPoint) {
            super(endPoint, Runnable::run);
        }

        @Override
        public void onOpen() {
            super.onOpen();
            getEndPoint().write(Callback.NOOP, ByteBuffer.wrap(PAID_FOR.getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public void onFillable() {
            close();
        }
    }
}
