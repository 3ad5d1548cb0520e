package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.ORIGIN;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.ReleaseNotice;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nothing a wallet service is told or hands out stands in any log, at any level of ours. */
@Requirement({"S40", "S41", "S42", "T38", "F-SV-60", "F-WR-8", "F-WS-33"})
class ServiceLogTest {

    @TempDir
    private Path temp = Path.of("");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final List<String> secrets = new ArrayList<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("org.farthing");
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Capture capture = new Capture();

    @BeforeEach
    void listen() {
        capture.setContext(root.getLoggerContext());
        capture.start();
        root.addAppender(capture);
        ours.setLevel(Level.TRACE);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(capture);
        ours.setLevel(null);
    }

    @Test
    void everythingThatCanHappen_leavesNoSecretInTheLog() throws Exception {
        try (TestService service = new TestService(temp)) {
            WalletClient alice = service.payer(10_000);
            secrets.add(TestService.ADMIN);
            remember(alice.key());
            remember(service.shop.key());
            service.keys.signing().forEach(this::remember);

            PaymentReply first = paid(service, alice, service.offer());
            service.collect(TestService.capture(first, 600));
            service.refund(first, 100, "a");
            Challenge second = service.offer();
            paid(service, alice, second);
            ReleaseStatement statement = service.shop.released(second);
            secrets.add(statement.jws());
            String release = "/v1/payments/" + second.id() + "/release";
            alice.send(service.server(), "POST", release, new ReleaseNotice(statement).format());

            Challenge forged = service.offer().withJws(String.valueOf(second.jws()));
            pay(service, alice, forged);
            pay(
                    service,
                    alice,
                    service.shop
                            .offer(ORIGIN)
                            .recipient("https://unknown.example")
                            .challenge());
            pay(service, new WalletClient(service.clock), service.offer());
            service.freezeShop(true);
            pay(service, alice, service.offer());
            service.freezeShop(false);
            service.ledger().close();
            pay(service, alice, service.offer());

            String log = String.join("\n", lines);
            assertThat(log)
                    .as("what happened is there")
                    .contains(
                            "Payment " + second.id(),
                            "1000 usd.e6 of " + alice.id(),
                            "Payment with token " + first.payment().tokenId(),
                            "refunded, 100 of 600",
                            "is back in " + alice.id(),
                            "is FROZEN",
                            "refused: BAD_SIGNATURE",
                            "The ledger did not answer");
            for (String secret : secrets) {
                assertThat(secret.length()).isGreaterThan(20);
                assertThat(log).doesNotContain(secret);
            }
            assertThat(TestService.order(alice, service.offer()).jws()).containsPattern(TestService.ENCODED_JSON);
            assertThat(log)
                    .doesNotContainPattern(TestService.ENCODED_JSON)
                    .doesNotContain("\"jws\"", "\"receipt\"", "\"challenge\"");
        }
    }

    private PaymentReply paid(TestService service, WalletClient payer, Challenge offer) throws Exception {
        PaymentReply reply = TestService.reply(pay(service, payer, offer));
        secrets.add(reply.receipt());
        secrets.add(reply.receipt().substring(reply.receipt().lastIndexOf('.') + 1));
        assertThat(reply.toString()).doesNotContain(reply.receipt());
        return reply;
    }

    private HttpTester.Response pay(TestService service, WalletClient payer, Challenge offer) throws Exception {
        String jws = TestService.order(payer, offer).jws();
        secrets.add(jws.substring(jws.lastIndexOf('.') + 1));
        return service.pay(payer, offer);
    }

    private void remember(SigningKey key) {
        String jwk = key.exportPrivateJwk();
        int start = jwk.indexOf("\"d\":\"") + 5;
        secrets.add(jwk.substring(start, jwk.indexOf('"', start)));
    }

    private final class Capture extends AppenderBase<ILoggingEvent> {

        @Override
        protected void append(ILoggingEvent event) {
            String trace =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getLevel() + " " + event.getFormattedMessage() + " " + trace);
        }
    }
}
