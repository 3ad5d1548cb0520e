package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.server.jetty.MintStand.Plan;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.mint.TestMint;
import org.farthing.server.offer.Offer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What keeps a mint upright and silent: limits of requests, what may be issued, and its log. */
class MintLimitsTest {

    @TempDir
    Path folder;

    @Test
    @Requirement({"F-TK-73", "T40"})
    void freeRoutes_askedTooOftenByOneNetwork_sayWhenToComeAgain() {
        Plan plan = new Plan();
        plan.routes = (stand, handler) -> handler.requestsPerMinute(2).clientName(request -> "one network");
        try (MintStand stand = new MintStand(folder, plan)) {
            String body = MintStand.body(stand.pending(32));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String paid = "Authorization: " + stand.credential("/token-purchase", bytes);
            assertThat(stand.post("/token-restore", body).getStatus()).isEqualTo(200);
            HttpTester.Response late = stand.post("/token-restore", body);
            MintStand.problem(late, 429, ProblemType.RATE_LIMITED);
            assertThat(late.get("Retry-After")).isNotNull();
            MintStand.problem(stand.post("/token-swap", body, paid), 429, ProblemType.RATE_LIMITED);
            assertThat(stand.post("/token-purchase", body, paid).getStatus())
                    .as("who pays")
                    .isEqualTo(200);
        }
    }

    @Test
    @Requirement("F-TK-83")
    void issues_whereTheMoneyIsNotTakenWithTheAnswer_isAFaultOfTheHandler() {
        Issuance issuance = new Issuance(
                MintStand.ISSUER.text(), List.of(new IssuedMessage(Base64Url.encode(new byte[32]), new byte[16])));
        List<String> faults = new ArrayList<>();
        Paywall paywall = Paywall.start(folder, prices -> {
            prices.charge(
                    "/upto", Offer.of(Amount.of(5), TestMint.CURRENCY).upTo().build());
            prices.charge(
                    "/upfront",
                    Offer.of(Amount.of(5), TestMint.CURRENCY).upfront().build());
        });
        try {
            paywall.app(Paywall.of((request, response, callback) -> {
                try {
                    Objects.requireNonNull(PaymentHandler.getPayment(request)).issues(issuance);
                } catch (IllegalStateException e) {
                    faults.add(request.getHttpURI().getPath());
                }
                callback.succeeded();
            }));
            fund(paywall);
            paywall.buy("/upto");
            paywall.buy("/upfront");
            assertThat(faults).containsExactly("/upto", "/upfront");
        } finally {
            paywall.close();
        }
    }

    private static void fund(Paywall paywall) {
        Paywall.await(
                paywall.ledger().topUp(new TopUp(paywall.alice.wallet(), TestMint.CURRENCY.text(), 100, "tokens")));
    }

    @Test
    @Requirement("F-TK-83")
    void issues_whatTheLedgerDoesNotKnow_takesNothingAndAnswersNothing() {
        Issuance issuance = new Issuance(
                MintStand.ISSUER.text(), List.of(new IssuedMessage(Base64Url.encode(new byte[32]), new byte[16])));
        Paywall paywall = Paywall.start(folder);
        try {
            paywall.app(Paywall.of((request, response, callback) -> {
                Objects.requireNonNull(PaymentHandler.getPayment(request)).issues(issuance);
                response.write(true, ByteBuffer.wrap(new byte[] {'x'}), callback);
            }));
            HttpTester.Response answer = paywall.buy("/docs/a");
            assertThat(answer.getStatus()).isEqualTo(503);
            assertThat(answer.get("Payment-Outcome")).startsWith("released");
            assertThat(paywall.nothingMoved()).isTrue();
        } finally {
            paywall.close();
        }
    }

    @Test
    @Requirement("F-TK-83")
    void build_paywallThatAcceptsWalletServices_isRefused() {
        try (MintStand stand = new MintStand(folder)) {
            PaymentHandlerBuilder paywall =
                    PaymentHandler.builder(MintStand.ISSUER.text()).walletService("https://wallet.example");
            assertThatThrownBy(() -> MintHandler.builder(stand.mint, paywall).build())
                    .hasMessageContaining("Leave walletService out");
        }
    }

    @Test
    @Requirement({"F-TK-76", "T38"})
    void everythingThatCanHappen_leavesNoTokenAndNoMessageInTheLog() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("org.farthing");
        AppenderBase<ILoggingEvent> capture = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage() + " " + event.getThrowableProxy());
            }
        };
        capture.setContext(root.getLoggerContext());
        capture.start();
        root.addAppender(capture);
        ours.setLevel(Level.TRACE);
        List<String> secrets = new ArrayList<>();
        try (MintStand stand = new MintStand(folder)) {
            List<PendingToken> pending = stand.bundle();
            List<BlindToken> tokens = stand.buy(pending);
            List<PendingToken> wanted = stand.pending(16, 16);
            remember(secrets, pending);
            remember(secrets, wanted);
            tokens.forEach(token -> {
                secrets.add(Base64Url.encode(token.bytes()).substring(4, 44));
                secrets.add(token.serial().text());
            });
            stand.post("/token-purchase", MintStand.body(pending));
            stand.swap(tokens, wanted);
            stand.swap(tokens, stand.pending(32));
            stand.swap(tokens, stand.pending(16));
            stand.post("/token-restore", MintStand.body(wanted));
            stand.post("/token-redemptions", "{}");
            stand.post("/token-refund", "{\"credential\":\"" + secrets.get(0) + "\"}");
        } finally {
            root.detachAppender(capture);
            ours.setLevel(null);
        }
        assertThat(lines).isNotEmpty();
        for (String secret : secrets) {
            assertThat(lines).noneMatch(line -> line.contains(secret));
        }
    }

    private static void remember(List<String> secrets, List<PendingToken> pending) {
        pending.forEach(
                one -> secrets.add(Base64Url.encode(one.request().blinded()).substring(0, 40)));
    }
}
