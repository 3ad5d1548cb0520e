package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** No token leaves in a log at any level of ours, or in an answer, whatever goes wrong (F-TK-62, T38). */
@Requirement({"F-TK-62", "T38", "S40"})
class TokenLogTest {

    @TempDir
    private Path folder = Path.of("");

    private final Logger ours = (Logger) LoggerFactory.getLogger("org.farthing");
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> secrets = new ArrayList<>();
    private final StringBuilder answers = new StringBuilder();
    private Paywall paywall;
    private TestIssuer issuer;

    @BeforeEach
    void start() {
        log.setContext(root.getLoggerContext());
        log.start();
        root.addAppender(log);
        ours.setLevel(Level.TRACE);
        paywall = new Paywall(folder);
        issuer = TestIssuer.shared(paywall.clock);
        TokenTill.openKeys(paywall.ledger(), issuer);
        paywall.boot(
                prices -> prices.charge(
                                "/docs/*", Paywall.offer().otherSchemes().build())
                        .charge("/small", Paywall.offer().holdLimit(1).build()),
                handler -> handler.setTokens(AcceptedTokens.of(issuer)));
    }

    @AfterEach
    void stop() {
        paywall.close();
        root.detachAppender(log);
        ours.setLevel(null);
    }

    /** Fresh tokens, every one a secret as it travels and in pieces. */
    private List<BlindToken> tokens(long... values) {
        List<BlindToken> tokens = issuer.tokens(TokenTill.SHOP, values);
        for (BlindToken token : tokens) {
            for (byte[] piece : List.of(token.nonce(), token.authenticator())) {
                secrets.add(HexFormat.of().formatHex(piece).substring(0, 32));
                secrets.add(Base64Url.encode(piece).substring(0, 32));
            }
            secrets.add(Base64Url.encode(token.bytes()).substring(0, 40));
        }
        return tokens;
    }

    private void pay(String path, List<BlindToken> tokens) {
        Challenge challenge = TokenTill.challenge(paywall.get(path));
        Credential credential = Credential.of(challenge, null, TokenPayload.toPayload(tokens));
        secrets.add(credential.token68().substring(credential.token68().length() - 200));
        ask(path, "Authorization: " + credential.format());
    }

    private void ask(String path, String... fields) {
        HttpTester.Response answer = paywall.get(path, fields);
        answers.append(answer.getStatus()).append(answer.getFieldNamesCollection());
        answer.getFieldNamesCollection().forEach(name -> answers.append(answer.getValuesList(name)));
        answers.append(answer.getContent()).append('\n');
    }

    @Test
    void everythingThatCanHappen_leavesNoTokenInLogsAndAnswers() throws Exception {
        List<BlindToken> good = tokens(1000, 1000);
        pay("/docs/a", good);
        pay("/docs/b", good);
        pay("/docs/b", tokens(500));
        pay("/docs/b", tokens(500, 500, 500, 500, 1000));
        pay("/small", tokens(2000));
        byte[] forged = tokens(2000).get(0).bytes();
        forged[353] ^= 1;
        pay("/docs/c", List.of(BlindToken.parse(forged)));
        String plain = TokenTill.plain(tokens(2000).get(0));
        ask("/docs/d", plain);
        ask("/docs/e", plain);
        ask("/docs/e", plain.substring(0, plain.length() - 9));
        ask("/docs/e", plain, plain);
        paywall.app(Paywall.of((request, response, callback) -> {
            throw new IOException("the application is broken");
        }));
        pay("/docs/f", tokens(2000));
        ask("/docs/f", TokenTill.plain(tokens(2000).get(0)));
        paywall.clock.advance(Duration.ofDays(60).minusMinutes(1));
        Challenge challenge = TokenTill.challenge(paywall.get("/docs/g"));
        List<BlindToken> late = tokens(2000);
        paywall.clock.advance(Duration.ofMinutes(2));
        ask("/docs/g", TokenTill.pay(challenge, late));
        paywall.ledger().close();
        ask("/docs/h", TokenTill.plain(tokens(2000).get(0)));

        // Nobody writes while it is read.
        paywall.stopServer();
        String written = written();
        assertThat(written).contains("captured 2000 usd.e6", "TOKEN_SPENT", "TOKEN_EXPIRED", "AMOUNT_MISMATCH", "pt_");
        assertThat(answers.toString()).contains("TOKEN_SPENT", "captured;id=\"pt_", "\"release\"");
        assertThat(secrets).hasSizeGreaterThan(60);
        for (String secret : secrets) {
            assertThat(written).doesNotContain(secret);
            assertThat(answers.toString()).doesNotContain(secret);
        }
        assertThat(written).doesNotContain("PrivateToken token", "\"tokens\"");
    }

    private String written() {
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            all.append(event.getLevel()).append(' ').append(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                all.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            all.append('\n');
        }
        return all.toString();
    }
}
