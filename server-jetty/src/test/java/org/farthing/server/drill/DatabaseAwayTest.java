package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.drill.TwoBooks.PRICE;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.server.postgres.TestPostgres;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server whose PostgreSQL goes away, hangs, or is cut off at a commit: 503 in time, nothing unpaid, and it comes back by itself
 * (T43, T47; F-SV-70 to F-SV-76).
 */
@Requirement({"T43", "T47", "F-SV-74", "F-SV-76", "F-ST-36"})
class DatabaseAwayTest extends StoreAwayDrill {

    private final TcpProxy wire;

    DatabaseAwayTest() throws IOException {
        wire = new TcpProxy();
    }

    @Override
    String emptyStore(Path inFolder) {
        return TestPostgres.emptyStore();
    }

    @Override
    String reachedBy(String name) {
        int database = URI.create(name.substring("jdbc:".length())).getPort();
        wire.leadTo(database);
        // Statements keep their text on the wire, which is where the test reads it.
        return name.replace(":" + database + "/", ":" + wire.port() + "/") + "&prepareThreshold=0";
    }

    @AfterEach
    void closeWire() throws IOException {
        wire.close();
    }

    // ---- gone ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement("F-SV-71")
    void gone_503AndWhenItIsBackTheSameBytesAreServed() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        wire.close(true);
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertThat(buyer.send(port, "GET", "/docs/a", "").getStatus()).isEqualTo(402);
        wire.close(false);
        assertServed(buyer.resend(port, "GET", "/docs/a", credential));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-72", "F-RE-15"})
    void goneBeforeTheCapture_theAnswerIsHeldBackAndNothingIsCharged() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.close(true);
        seller.tell("go on");
        assertAway(answer.join());
        wire.close(false);
        assertEndsUncharged(credential);
    }

    // ---- cut at the commit ---------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-SV-72", "F-RE-12"})
    void captureCommittedAndNobodyHeard_503PendingAndTheSameBytesGetTheAnswer() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.cutAfterCommit(challengeId(credential));
        seller.tell("go on");
        assertAway(answer.join());
        assertThat(wire.hasCut()).isTrue();
        HttpTester.Response again = buyer.resend(port, "GET", "/docs/a", credential);
        assertServed(again);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-72", "F-RE-15"})
    void captureCutBeforeItsCommit_503PendingAndNothingIsCharged() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.cutBeforeCommit(challengeId(credential));
        seller.tell("go on");
        assertAway(answer.join());
        assertThat(wire.hasCut()).isTrue();
        assertEndsUncharged(credential);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"F-SV-71", "F-RE-15"})
    void claimCutAtItsCommit_503PendingNeverServedForIt(boolean afterCommit) throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        if (afterCommit) {
            wire.cutAfterCommit(challengeId(credential));
        } else {
            wire.cutBeforeCommit(challengeId(credential));
        }
        assertAway(buyer.send(port, "GET", "/docs/a", credential));
        assertThat(wire.hasCut()).isTrue();
        assertThat(seller.ask("served")).isEqualTo("0");
        if (afterCommit) {
            assertEndsUncharged(credential);
        } else {
            assertServed(buyer.resend(port, "GET", "/docs/a", credential));
            assertBooks(1, PRICE);
        }
    }

    // ---- slow ----------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"F-SV-70", "F-SV-71"})
    void hangsBeforeTheClaim_503InTimeAndTheSameBytesAreServedAfterwards() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        wire.stop(true);
        assertAway(late(credential));
        assertThat(buyer.send(port, "GET", "/docs/a", "").getStatus()).isEqualTo(402);
        wire.stop(false);
        assertServed(buyer.resend(port, "GET", "/docs/a", credential));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-70", "F-SV-71"})
    void hangsAtTheClaim_503InTimeReleasedUnservedAndAFreshPaymentIsServedAfterwards() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("before ledger.reserve", credential);
        wire.stop(true);
        seller.tell("go on");
        assertAway(late(answer));
        assertAway(late(credential));
        wire.stop(false);
        HttpTester.Response told = buyer.resend(port, "GET", "/docs/a", credential);
        assertThat(told.getStatus()).isEqualTo(402);
        assertThat(Buyer.outcome(told)).isEqualTo("released");
        assertBooks(0, 0);
        assertServed(buyer.send(port, "GET", "/docs/a", buyer.pay(port, "GET", "/docs/a")));
        assertBooks(1, PRICE);
    }

    @Test
    @Requirement({"F-SV-70", "F-SV-72"})
    void hangsAtTheCapture_503InTimeAndTheSameBytesGetTheAnswer() throws Exception {
        String credential = buyer.pay(port, "GET", "/docs/a");
        CompletableFuture<HttpTester.Response> answer = stopAt("in handler", credential);
        wire.stop(true);
        seller.tell("go on");
        assertAway(late(answer));
        assertAway(late(credential));
        wire.stop(false);
        HttpTester.Response again = buyer.resend(port, "GET", "/docs/a", credential);
        assertServed(again);
        assertThat(again.get("Payment-Replayed")).isEqualTo("true");
        assertBooks(1, PRICE);
    }
}
