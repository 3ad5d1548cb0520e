package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coming again with a pass, as a payer (spec/pass.md, F-PA-20 to F-PA-23). */
@Timeout(60)
class PassTest {

    private static final String PASS = "eyJ4Ijoi.MAC_of-it";

    @TempDir
    Path temp;

    private Fixture fixture;
    private final AtomicLong price = new AtomicLong(2500);
    private final AtomicBoolean revoked = new AtomicBoolean();
    private volatile String pass = PASS;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(temp);
        fixture.server.script(fixture.payee.script(fixture.payer(), this::demand, this::paid));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private Reply demand(Received request) {
        boolean shown = request.header("Payment-Pass").filter(PASS::equals).isPresent();
        return shown
                ? Reply.of(402)
                        .header("WWW-Authenticate", challenge(request, price.get()))
                        .header("WWW-Authenticate", challenge(request, 0))
                : Reply.of(402).header("WWW-Authenticate", challenge(request, price.get()));
    }

    private String challenge(Received request, long amount) {
        Offer offer = fixture.payee.offer(request);
        offer.amount = amount;
        return fixture.payee.signed(offer).format();
    }

    private Reply paid(Received request, Credential credential) {
        if (amount(credential) > 0) {
            Instant now = fixture.clock.instant().truncatedTo(ChronoUnit.SECONDS);
            return fixture.payee.serveWithPass(credential, pass, now.plusSeconds(3600));
        }
        if (!revoked.get()) {
            return fixture.payee.serve(credential);
        }
        Problem problem = Problem.of(ProblemType.INVALID_CHALLENGE, "This pass does not hold any more.");
        String id = credential.challenge().id();
        return Reply.problem(problem)
                .header("WWW-Authenticate", challenge(request, price.get()))
                .header("Payment-Outcome", new ChargeOutcome(ChargeOutcome.State.REFUSED, id).format());
    }

    private static long amount(Credential credential) {
        try {
            return credential.challenge().paymentRequest().amount().baseUnits();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private List<Long> paid() {
        return fixture.server.received().stream()
                .flatMap(request -> request.credential().stream())
                .map(PassTest::amount)
                .toList();
    }

    private List<String> shown() {
        return fixture.server.received().stream()
                .flatMap(request -> request.header("Payment-Pass").stream())
                .toList();
    }

    @Test
    @Requirement({"F-PA-20", "F-PA-21", "F-CL-13"})
    void sameRequestAgain_costsNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(fixture.get("/a?x=1").outcome()).isInstanceOf(Served.class);
        }
        assertThat(paid()).containsExactly(2500L, 0L, 0L);
        assertThat(shown()).as("never beside a credential").containsExactly(PASS, PASS);
        assertThat(fixture.spent()).isEqualTo(2500);
    }

    @Test
    @Requirement("F-PA-20")
    void anotherRequest_isShownNoPass() throws Exception {
        fixture.get("/a?x=1");
        fixture.get("/a?x=2");
        fixture.get("/a");
        fixture.send(HttpRequest.newBuilder(fixture.uri("/a?x=1"))
                .POST(BodyPublishers.ofString("x"))
                .build());
        fixture.send(HttpRequest.newBuilder(fixture.uri("/a?x=1"))
                .method("GET", BodyPublishers.ofString("x"))
                .build());
        assertThat(shown()).isEmpty();
        assertThat(paid()).containsExactly(2500L, 2500L, 2500L, 2500L, 2500L);
    }

    @Test
    @Requirement("F-PA-20")
    void afterItsTime_orWhatIsNoPass_isNotShown() throws Exception {
        fixture.get("/a");
        fixture.clock.advance(Duration.ofHours(1));
        fixture.get("/a");
        assertThat(shown()).isEmpty();
        for (String odd : List.of("a b", "x".repeat(1025), "caf\u00e9")) {
            pass = odd;
            fixture.get("/odd" + odd.length());
            fixture.get("/odd" + odd.length());
        }
        assertThat(shown()).isEmpty();
    }

    @Test
    @Requirement({"F-PA-22", "F-CL-20", "C12"})
    void refusedVisit_paysOnceMoreAtMostWhatWasPaidBefore() throws Exception {
        fixture.get("/a");
        revoked.set(true);
        price.set(2400);
        assertThat(fixture.get("/a").outcome()).isInstanceOf(Served.class);
        assertThat(paid()).containsExactly(2500L, 0L, 2400L);
        assertThat(fixture.spent()).isEqualTo(4900);
    }

    @Test
    @Requirement({"F-PA-22", "F-CL-20", "T10"})
    void refusedVisit_atAHigherPriceThanBefore_isNotPaid_andThePassIsForgotten() throws Exception {
        fixture.get("/a");
        revoked.set(true);
        price.set(2501);
        NotCharged ended = (NotCharged) fixture.get("/a").outcome();
        Declined why = ended.notRepeated();
        assertThat(why == null ? null : why.why()).isEqualTo(DeclineReason.TERMS_CHANGED);
        assertThat(paid()).containsExactly(2500L, 0L);
        assertThat(fixture.get("/a").outcome()).as("a new call, a new price").isInstanceOf(Served.class);
        assertThat(paid()).containsExactly(2500L, 0L, 2501L);
        assertThat(shown()).hasSize(1);
    }
}
