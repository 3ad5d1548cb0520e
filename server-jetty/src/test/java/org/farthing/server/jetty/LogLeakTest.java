package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nothing secret stands in any log, at any level of ours (S40 to S42, T38; F-SV-60, F-CR-32). */
@Requirement({"S40", "S41", "S42", "T32", "T38", "F-SV-60", "F-CR-32", "F-BI-10"})
class LogLeakTest {

    @TempDir
    private Path folder = Path.of("");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final List<String> secrets = new ArrayList<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("org.farthing");
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Capture capture = new Capture();
    private Paywall paywall;

    @BeforeEach
    void start() {
        capture.setContext(root.getLoggerContext());
        capture.start();
        root.addAppender(capture);
        ours.setLevel(Level.TRACE);
        paywall = Paywall.start(
                folder,
                prices -> prices.charge("/docs/*", Paywall.offer().build())
                        .charge("/small", Paywall.offer().holdLimit(1).build()));
        secrets.add(Base64.getUrlEncoder().withoutPadding().encodeToString(paywall.secret));
        secrets.add(HexFormat.of().formatHex(paywall.secret));
        secrets.add(privatePart(paywall.key.exportPrivateJwk()));
        secrets.add(privatePart(paywall.alice.key().exportPrivateJwk()));
    }

    @AfterEach
    void stop() {
        paywall.close();
        root.detachAppender(capture);
        ours.setLevel(null);
    }

    @Test
    void everythingThatCanHappen_leavesNoSecretInTheLog() {
        String value = pay("/docs/a");
        paywall.get("/docs/a", value);
        paywall.get("/docs/b", value);
        paywall.get("/docs/a", value, value);
        paywall.get("/docs/a", value + "=");
        paywall.get("/docs/a", value.substring(0, value.length() - 8));
        paywall.raw("GET /docs/a HTTP/1.1\nHost: evil.example\n" + value + "\n\n");
        pay("/small");
        paywall.app(Paywall.of((request, response, callback) -> {
            throw new IOException("the application is broken");
        }));
        pay("/docs/c");
        paywall.ledger().close();
        pay("/docs/d");
        paywall.stopServer();
        String log = String.join("\n", lines);
        assertThat(log).contains("captured 2000 usd.e6", "PAYMENT_REQUIRED", "The ledger is unavailable");
        for (String secret : secrets) {
            assertThat(secret.length()).isGreaterThan(20);
            assertThat(log).doesNotContain(secret);
        }
        assertThat(log).doesNotContain("Payment ey", "\"payload\"", "\"jws\"");
    }

    @Test
    void everyLineAboutACharge_namesItsChallengeFingerprintStateAndRequest() {
        HttpTester.Response demand = paywall.get("/docs/a");
        Challenge challenge = Payer.challengeOf(demand);
        Credential credential = paywall.alice.credential(challenge);
        paywall.get("/docs/a", "Authorization: " + credential.format(), "X-Request-Id: r-77");
        assertThat(lines)
                .anyMatch(line -> line.contains(challenge.id())
                        && line.contains(credential.fingerprint())
                        && line.contains("captured 2000 usd.e6")
                        && line.contains("r-77"));
    }

    /** Pays, and remembers every secret that went either way. */
    private String pay(String path) {
        Challenge challenge = Payer.challengeOf(paywall.get(path));
        Credential credential = paywall.alice.credential(challenge);
        secrets.add(credential.token68());
        String jws = String.valueOf(credential.payload().get("jws"));
        secrets.add(jws);
        secrets.add(jws.substring(jws.lastIndexOf('.') + 1));
        HttpTester.Response answer = paywall.get(path, "Authorization: " + credential.format());
        if (answer.get("Payment-Receipt") != null) {
            secrets.add(answer.get("Payment-Receipt"));
        }
        return "Authorization: " + credential.format();
    }

    private static String privatePart(String jwk) {
        int start = jwk.indexOf("\"d\":\"") + 5;
        return jwk.substring(start, jwk.indexOf('"', start));
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
