package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose word gives money back where a wallet service has it: the service's, and nobody else's. */
@Timeout(60)
class WalletEvidenceTest {

    @TempDir
    Path temp;

    private ServiceFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServiceFixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private PaidResponse<String> get() throws Exception {
        return fixture.fixture.get("/page");
    }

    private PaidResponse<String> post() throws Exception {
        return fixture.fixture.send(HttpRequest.newBuilder(fixture.fixture.uri("/page"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build());
    }

    private JournalEntry first() throws Exception {
        return fixture.fixture.client.journal().entries().get(0);
    }

    private PaidResponse<String> resume() throws Exception {
        return fixture.fixture.client.resume(fixture.fixture.onlyPayment(), BodyHandlers.ofString());
    }

    private static NotCharged notCharged(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(NotCharged.class);
        return (NotCharged) answer.outcome();
    }

    /** The payee's signed release, without an offer that could be paid instead. */
    private Reply released(Credential paid, String executed) {
        return Reply.problem(fixture.payee().released(paid, executed).withStatus(503))
                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid));
    }

    private Reply claimed(Credential paid) {
        return Reply.problem(Problem.of(ProblemType.VERIFICATION_FAILED, "No."))
                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.REFUSED, paid));
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-17", "F-WS-9", "T73"})
    void send_payeeSignsARelease_isShownToTheServiceAndGivenBack() throws Exception {
        fixture.payee((request, paid) -> released(paid, "yes"));
        NotCharged outcome = notCharged(get());
        assertThat(outcome.evidence()).isEqualTo(Evidence.WALLET);
        assertThat(outcome.payment().counted()).isFalse();
        assertThat(fixture.asked()).containsExactly("POST /v1/payments", "POST /v1/payments/ID/release");
        assertThat(fixture.service.taken()).isZero();
        assertThat(first().state()).isEqualTo(State.GIVEN_BACK);
        assertThat(fixture.fixture.spent()).isZero();
    }

    @Test
    @Requirement({"F-OU-11", "F-OU-17", "F-CL-20", "T12"})
    void send_releasedWithAFreshOffer_paysOnceMoreAndIsServed() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.payee((request, paid) -> {
            if (times.incrementAndGet() > 1) {
                return fixture.payee().serve(paid);
            }
            var offer = fixture.payee().offer(request);
            fixture.throughService(offer);
            return Reply.problem(fixture.payee().released(paid, "no"))
                    .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                    .header("WWW-Authenticate", fixture.payee().signed(offer).format());
        });
        assertThat(get().outcome()).isInstanceOf(Served.class);
        assertThat(fixture.service.payments()).isEqualTo(2);
        assertThat(fixture.service.taken()).isEqualTo(2500);
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-17", "T73"})
    void send_releasesBeyondThePeriodsBudget_allComeBackOnTheServicesWord() throws Exception {
        fixture.payee((request, paid) -> released(paid, "yes"));
        for (int i = 0; i < 20; i++) {
            assertThat(notCharged(get()).evidence()).isEqualTo(Evidence.WALLET);
        }
        assertThat(fixture.fixture.spent()).isZero();
        assertThat(fixture.service.taken()).isZero();
        fixture.honestPayee();
        assertThat(get().outcome()).isInstanceOf(Served.class);
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-17", "T73", "T11"})
    void send_payeeLiesAboutReleasing_neverRefillsTheBudget() throws Exception {
        fixture.payee((request, paid) -> {
            fixture.service.settle(ServicePayment.State.CAPTURED);
            return released(paid, "no");
        });
        int paid = 0;
        for (int i = 0; i < 20; i++) {
            if (get().outcome() instanceof NotCharged outcome) {
                paid++;
                assertThat(outcome.evidence()).isEqualTo(Evidence.SIGNED_RELEASE);
                assertThat(outcome.payment().counted()).isTrue();
                assertThat(outcome.notRepeated())
                        .isNotNull()
                        .extracting(PaymentOutcome.Declined::why)
                        .isEqualTo(DeclineReason.WALLET_DISAGREES);
                assertThat(outcome.payment().evidence()).as("the lie is kept").contains("\"outcome\":\"released\"");
            }
        }
        assertThat(paid).isEqualTo(8);
        assertThat(fixture.fixture.spent()).isEqualTo(20_000);
        assertThat(fixture.service.taken()).isEqualTo(20_000);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"RELEASED", "EXPIRED"},
            value = ServicePayment.State.class)
    @Requirement({"F-OU-13", "F-OU-16", "T73"})
    void send_payeeOnlyClaims_countsUntilTheServiceGivesItBack(ServicePayment.State back) throws Exception {
        fixture.payee((request, paid) -> claimed(paid));
        NotCharged outcome = notCharged(get());
        assertThat(outcome.evidence()).isEqualTo(Evidence.CLAIM);
        assertThat(outcome.payment().counted()).isTrue();
        assertThat(outcome.payment().state()).isEqualTo(State.SENT);
        assertThat(fixture.asked()).containsExactly("POST /v1/payments", "GET /v1/payments/ID");
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        fixture.service.settle(back);
        assertThat(notCharged(resume()).evidence()).isEqualTo(Evidence.WALLET);
        assertThat(fixture.fixture.spent()).isZero();
        assertThat(fixture.service.orders()).hasSize(1);
    }

    @Test
    @Requirement({"F-OU-13", "T73"})
    void send_statementOfSomebodyElse_isNotShownToTheService() throws Exception {
        TestPayee stranger = new TestPayee(fixture.fixture.server.origin(), fixture.clock());
        fixture.payee(
                (request, paid) -> Reply.problem(stranger.released(paid, "no").withStatus(503))
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid)));
        assertThat(notCharged(get()).evidence()).isEqualTo(Evidence.CLAIM);
        assertThat(fixture.asked()).containsExactly("POST /v1/payments", "GET /v1/payments/ID");
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-14"})
    void send_serviceAwayWhenAReleaseIsShown_staysSpentAndOpen() throws Exception {
        var honest = fixture.service.honest();
        fixture.wallets.script(
                request -> request.target().endsWith("/release") ? Reply.of(500) : honest.apply(request));
        fixture.payee((request, paid) -> released(paid, "no"));
        NotCharged outcome = notCharged(get());
        assertThat(outcome.evidence()).isEqualTo(Evidence.SIGNED_RELEASE);
        assertThat(outcome.payment().state()).isEqualTo(State.SENT);
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        fixture.wallets.script(honest);
        assertThat(notCharged(resume()).evidence()).isEqualTo(Evidence.WALLET);
        assertThat(fixture.fixture.spent()).isZero();
    }

    @Test
    @Requirement({"F-OU-16", "F-CL-66"})
    void send_payeeNeverAnswers_theServiceSaysHowItStands() throws Exception {
        fixture.payee((request, paid) -> Reply.drop());
        PaidResponse<String> held = get();
        assertThat(((Unknown) held.outcome()).words()).contains("holds the money for the payee");
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        fixture.service.settle(ServicePayment.State.CAPTURED);
        PaidResponse<String> captured = resume();
        assertThat(((Unknown) captured.outcome()).words()).contains("the payee took the money");
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        assertThat(fixture.fixture.onlyPayment().state())
                .as("the content can still be had")
                .isEqualTo(State.SENT);
        fixture.honestPayee();
        assertThat(resume().outcome()).isInstanceOf(Served.class);
        assertThat(fixture.credentials()).containsOnly(fixture.credentials().get(0));
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-16"})
    void send_payeeNeverAnswersAndGaveItBack_isNotCharged() throws Exception {
        fixture.payee((request, paid) -> {
            fixture.service.settle(ServicePayment.State.RELEASED);
            return Reply.drop();
        });
        assertThat(notCharged(get()).evidence()).isEqualTo(Evidence.WALLET);
        assertThat(fixture.fixture.spent()).isZero();
    }

    @Test
    @Requirement({"F-OU-14", "F-OU-16"})
    void send_nobodyAnswersAnyMore_isUnknownAndStaysSpent() throws Exception {
        fixture.payee((request, paid) -> {
            fixture.wallets.script(any -> Reply.drop());
            return Reply.drop();
        });
        assertThat(get().outcome()).isInstanceOf(Unknown.class);
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
        fixture.clock().advance(Duration.ofHours(25));
        assertThat(fixture.fixture.onlyPayment().state()).isEqualTo(State.UNKNOWN);
        assertThat(fixture.fixture.spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-OU-15", "F-CL-25"})
    void send_releasedPostThatMayHaveRun_isNotRepeated() throws Exception {
        fixture.payee((request, paid) -> {
            var offer = fixture.payee().offer(request);
            fixture.throughService(offer);
            return Reply.problem(fixture.payee().released(paid, "unknown"))
                    .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                    .header("WWW-Authenticate", fixture.payee().signed(offer).format());
        });
        assertThat(notCharged(post()).evidence()).isEqualTo(Evidence.WALLET);
        assertThat(fixture.service.payments()).isOne();
    }
}
