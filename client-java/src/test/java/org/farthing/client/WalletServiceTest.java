package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.ApprovalRequest;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.TestPayee;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paying through a wallet service: what it costs, what is said of it, and that no order is signed twice. */
@Timeout(60)
class WalletServiceTest {

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

    private PaidResponse<String> resume() throws Exception {
        return fixture.fixture.client.resume(fixture.fixture.onlyPayment(), BodyHandlers.ofString());
    }

    private State state() throws Exception {
        return fixture.fixture.onlyPayment().state();
    }

    private long spent() throws Exception {
        return fixture.fixture.spent();
    }

    private static DeclineReason declined(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        return ((Declined) answer.outcome()).why();
    }

    private static Evidence notCharged(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(NotCharged.class);
        return ((NotCharged) answer.outcome()).evidence();
    }

    @Test
    @Requirement({"F-CL-60", "F-CL-62", "F-CL-63", "F-CL-64", "F-WS-6", "T71"})
    void send_payeeTakesTheService_paysThereAndProvesHere() throws Exception {
        PaidResponse<String> answer = get();
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        assertThat(answer.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        assertThat(fixture.service.taken()).isEqualTo(2500);
        assertThat(fixture.service.orders()).hasSize(1);
        assertThat(fixture.asked()).containsExactly("POST /v1/payments");
        assertThat(fixture.credentials()).hasSize(1);
        assertThat(state()).isEqualTo(State.SERVED);
        assertThat(fixture.fixture.onlyPayment().service()).isEqualTo(fixture.wallets.origin());
        assertThat(spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-55", "F-CL-63", "T38"})
    void send_paidThroughService_leavesNoOrderAndNoTokenBehind() throws Exception {
        PaidResponse<String> answer = get();
        String shown = answer + " " + fixture.fixture.client
                + fixture.fixture.client.journal().entries();
        List<String> secrets = List.of(
                fixture.service.onlyReceipt(),
                fixture.service.orders().get(0),
                fixture.credentials().get(0));
        try (var files = Files.walk(temp)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                shown += Files.readString(file);
            }
        }
        assertThat(shown).doesNotContain(secrets);
    }

    /** The payee has a ledger of its own too. */
    private void offerBothWays() {
        fixture.fixture.server.script(fixture.payee()
                .script(
                        fixture.fixture.payer(),
                        request -> {
                            var through = fixture.payee().offer(request);
                            fixture.throughService(through);
                            var direct = fixture.payee().offer(request);
                            return Reply.of(402)
                                    .header(
                                            "WWW-Authenticate",
                                            fixture.payee().signed(through).format())
                                    .header(
                                            "WWW-Authenticate",
                                            fixture.payee().signed(direct).format());
                        },
                        (request, paid) -> fixture.payee().serve(paid)));
    }

    @ParameterizedTest
    @CsvSource({"false, false, 1", "true, false, 0", "true, true, 1"})
    @Requirement({"F-CL-61", "F-CL-12"})
    void send_bothWaysOffered_takesTheOneTheOwnerWants(boolean opened, boolean viaService, int orders)
            throws Exception {
        if (opened) {
            fixture.fixture.purse.remember(fixture.fixture.server.origin());
        }
        PayingClient.Builder builder = PayingClient.builder(fixture.fixture.purse, PayingProcess.policy())
                .journal(fixture.fixture.client.journal())
                .clock(fixture.clock())
                .keyFetcher(PatientKeys.at(fixture.clock()))
                .loopbackProfile();
        PayingClient client = (viaService ? builder.viaWalletServices() : builder).build();
        offerBothWays();
        PaidResponse<String> answer =
                client.send(HttpRequest.newBuilder(fixture.fixture.uri("/")).build(), BodyHandlers.ofString());
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        assertThat(fixture.service.orders()).hasSize(orders);
        assertThat(fixture.credentials()).hasSize(1);
    }

    @Test
    @Requirement({"F-WO-7", "F-WA-14", "F-CL-61", "T71", "T21"})
    void send_serviceNotInThePurse_isDeclinedAndNeverContacted() throws Exception {
        try (ScriptedServer stranger = ScriptedServer.start()) {
            fixture.fixture.server.script(fixture.payee()
                    .script(
                            fixture.fixture.payer(),
                            request -> fixture.payee()
                                    .demand(
                                            request,
                                            offer -> offer.providers =
                                                    stranger.origin().text()),
                            (request, paid) -> fixture.payee().serve(paid)));
            PaidResponse<String> answer = get();
            assertThat(declined(answer)).isEqualTo(DeclineReason.METHOD_UNSUPPORTED);
            assertThat(((Declined) answer.outcome()).words()).contains("none of them is in this purse");
            assertThat(stranger.received()).isEmpty();
            assertThat(stranger.keyRequests()).isEmpty();
            assertThat(fixture.fixture.client.journal().entries()).isEmpty();
        }
    }

    @Test
    @Requirement({"F-CL-61", "F-WA-14"})
    void send_severalServices_usesTheFirstOfThePurse() throws Exception {
        fixture.fixture.server.script(fixture.payee()
                .script(
                        fixture.fixture.payer(),
                        request -> fixture.payee()
                                .demand(
                                        request,
                                        offer -> offer.providers = "https://wallet.example "
                                                + fixture.wallets.origin().text()),
                        (request, paid) -> fixture.payee().serve(paid)));
        assertThat(get().outcome()).isInstanceOf(Served.class);
        assertThat(fixture.service.orders()).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-62", "T11"})
    void send_serviceDownBefore_countsAndSignsNothing() throws Exception {
        fixture.wallets.close();
        PaidResponse<String> answer = get();
        assertThat(declined(answer)).isEqualTo(DeclineReason.WALLET_UNREACHABLE);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(fixture.fixture.client.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-61", "F-CL-62"})
    void send_serviceDownAndPayeeIsALedgerToo_fallsBackToNoOtherWay() throws Exception {
        offerBothWays();
        fixture.wallets.close();
        assertThat(declined(get())).isEqualTo(DeclineReason.WALLET_UNREACHABLE);
        assertThat(fixture.credentials()).isEmpty();
        assertThat(fixture.fixture.client.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-62", "F-OU-14", "T11"})
    void send_serviceGoneSinceItsKeysCame_givesBackWhatNeverLeft() throws Exception {
        get();
        fixture.wallets.close();
        PaidResponse<String> answer = get();
        assertThat(declined(answer)).isEqualTo(DeclineReason.WALLET_UNREACHABLE);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(fixture.fixture.client.journal().entries())
                .extracting(entry -> entry.state())
                .containsExactly(State.SERVED, State.NEVER_SENT);
        assertThat(spent()).isEqualTo(2500);
        assertThat(fixture.fixture.timer.waited()).hasSize(2);
    }

    @Test
    @Requirement({"F-CL-66", "F-CR-31", "T12"})
    void send_serviceAnswersLost_sendsTheSameOrderAndGetsTheSameToken() throws Exception {
        AtomicInteger times = new AtomicInteger();
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            Reply reply = honest.apply(request);
            boolean order = request.target().equals("/v1/payments");
            return !order
                    ? reply
                    : switch (times.incrementAndGet()) {
                        case 1 -> Reply.drop();
                        case 2 -> Reply.of(503).header("Retry-After", "7");
                        case 3 ->
                            Reply.problem(Problem.of(ProblemType.RATE_LIMITED, "Slowly."))
                                    .header("Retry-After", "soon");
                        default -> reply;
                    };
        });
        assertThat(get().outcome()).isInstanceOf(Served.class);
        assertThat(fixture.service.orders())
                .hasSize(4)
                .containsOnly(fixture.service.orders().get(0));
        assertThat(fixture.service.payments()).isOne();
        assertThat(fixture.fixture.timer.waited())
                .containsExactly(Duration.ofMillis(250), Duration.ofSeconds(7), Duration.ofSeconds(1));
        assertThat(spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-66", "F-OU-14", "F-OU-16", "T12"})
    void send_serviceTookItAndNeverAnswers_isUnknownAndResumesWithTheSameOrder() throws Exception {
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            Reply reply = honest.apply(request);
            return request.target().equals("/v1/payments") ? Reply.drop() : reply;
        });
        PaidResponse<String> answer = get();
        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
        assertThat(((Unknown) answer.outcome()).words()).contains("holds the money");
        assertThat(answer.response().orElseThrow().statusCode())
                .as("the payee was never asked again")
                .isEqualTo(402);
        assertThat(state()).isEqualTo(State.SENT);
        assertThat(spent()).isEqualTo(2500);
        fixture.wallets.script(honest);
        PaidResponse<String> resumed = resume();
        assertThat(resumed.outcome()).isInstanceOf(Served.class);
        assertThat(resumed.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        assertThat(fixture.service.orders())
                .containsOnly(fixture.service.orders().get(0));
        assertThat(fixture.service.payments()).isOne();
        assertThat(spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-16", "F-CL-66"})
    void resume_offerOver_asksAndGivesBackWhenTheServiceDoes() throws Exception {
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            Reply reply = honest.apply(request);
            return request.target().equals("/v1/payments") ? Reply.drop() : reply;
        });
        get();
        fixture.clock().advance(Duration.ofMinutes(10));
        int orders = fixture.service.orders().size();
        PaidResponse<String> held = resume();
        assertThat(held.outcome()).isInstanceOf(Unknown.class);
        assertThat(spent()).isEqualTo(2500);
        fixture.service.settle(ServicePayment.State.EXPIRED);
        assertThat(notCharged(resume())).isEqualTo(Evidence.WALLET);
        assertThat(state()).isEqualTo(State.GIVEN_BACK);
        assertThat(spent()).isZero();
        assertThat(fixture.service.orders())
                .as("no order after the offer's end")
                .hasSize(orders);
        assertThat(fixture.credentials()).isEmpty();
    }

    @Test
    @Requirement({"F-OU-13", "F-OU-16"})
    void send_orderNeverArrived_isGivenBackOnTheServicesWord() throws Exception {
        fixture.beforeOrders(request -> Reply.drop());
        assertThat(notCharged(get())).isEqualTo(Evidence.WALLET);
        assertThat(state()).isEqualTo(State.GIVEN_BACK);
        assertThat(spent()).isZero();
        assertThat(fixture.credentials()).isEmpty();
    }

    @Test
    @Requirement({"F-OU-14", "F-CL-66"})
    void send_serviceFallsSilent_staysSpent() throws Exception {
        AtomicInteger keys = new AtomicInteger();
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> keys.incrementAndGet() == 1 ? honest.apply(request) : Reply.drop());
        assertThat(get().outcome()).isInstanceOf(Unknown.class);
        assertThat(state()).isEqualTo(State.SENT);
        assertThat(spent()).isEqualTo(2500);
    }

    @ParameterizedTest
    @CsvSource({
        "INSUFFICIENT_FUNDS, 409, INSUFFICIENT_FUNDS",
        "SPENDING_LIMIT_EXCEEDED, 409, WALLET_LIMIT",
        "WALLET_SUSPENDED, 403, WALLET_SUSPENDED",
        "NOT_ALLOWED, 403, WALLET_REFUSED",
        "UNAUTHENTICATED, 401, WALLET_REFUSED",
        "INVALID_CHALLENGE, 400, WALLET_REFUSED",
        "PAYMENT_EXPIRED, 400, WALLET_REFUSED",
        "VERIFICATION_FAILED, 403, WALLET_REFUSED",
        "IDEMPOTENCY_CONFLICT, 409, WALLET_REFUSED",
    })
    @Requirement({"F-CL-65", "F-OU-13"})
    void send_serviceSaysNo_isDeclinedAndGivenBackInFull(ProblemType type, int status, DeclineReason why)
            throws Exception {
        fixture.beforeOrders(request -> Reply.problem(Problem.of(type, "No.").withStatus(status)));
        PaidResponse<String> answer = get();
        assertThat(declined(answer)).isEqualTo(why);
        assertThat(((Declined) answer.outcome()).words())
                .contains(fixture.wallets.origin().text());
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(state()).isEqualTo(State.GIVEN_BACK);
        assertThat(spent()).isZero();
        assertThat(fixture.credentials()).isEmpty();
        assertThat(fixture.asked()).containsExactly("POST /v1/payments");
    }

    @Test
    @Requirement({"F-CL-65", "F-PR-31", "T52"})
    void send_tooLittleMoney_saysHowMuchAndWhereToTopUp() throws Exception {
        for (String href : List.of(fixture.wallets.origin().text() + "/top-up", "https://phishing.example/top-up")) {
            fixture.beforeOrders(request -> Reply.problem(Problem.of(ProblemType.INSUFFICIENT_FUNDS, "Not enough.")
                    .withStatus(409)
                    .with("required", "2500")
                    .with("available", "1200")
                    .with("currency", "usd.e6")
                    .withResolution(new Problem.Resolution("top-up", href, null))));
            assertThat(((Declined) get().outcome()).words())
                    .contains("has 0.0012 USD, and this costs 0.0025 USD", "top it up")
                    .doesNotContain("phishing");
        }
    }

    @Test
    @Requirement({"F-CL-65", "F-OU-14"})
    void send_noAfterAnAttemptThatMayHaveArrived_isNotBelievedWithoutAsking() throws Exception {
        AtomicInteger times = new AtomicInteger();
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            if (!request.target().equals("/v1/payments")) {
                return honest.apply(request);
            }
            if (times.incrementAndGet() == 1) {
                Reply lost = honest.apply(request);
                assertThat(lost).isNotNull();
                return Reply.drop();
            }
            return Reply.problem(Problem.of(ProblemType.WALLET_SUSPENDED, "Frozen since."));
        });
        assertThat(get().outcome()).isInstanceOf(Unknown.class);
        assertThat(spent()).isEqualTo(2500);
        assertThat(fixture.service.taken()).isEqualTo(2500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{}", "{\"payment\":{},\"receipt\":\"x.y.z\"}"})
    @Requirement({"F-CL-64", "F-OU-14"})
    void send_serviceAnswersGarbage_neverGoesToThePayee(String body) throws Exception {
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            Reply reply = honest.apply(request);
            return request.target().equals("/v1/payments") ? Reply.of(201).body(body) : reply;
        });
        assertThat(get().outcome()).isInstanceOf(Unknown.class);
        assertThat(fixture.credentials()).isEmpty();
        assertThat(spent()).isEqualTo(2500);
        assertThat(fixture.service.orders())
                .containsOnly(fixture.service.orders().get(0));
    }

    @Test
    @Requirement({"F-CL-64", "T21"})
    void send_serviceAnswersWithoutEnd_isCutOff() throws Exception {
        fixture.beforeOrders(request -> Reply.of(201).body(" ".repeat((1 << 20) + 1)));
        assertThat(notCharged(get())).isEqualTo(Evidence.WALLET);
        assertThat(fixture.credentials()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @Requirement({"F-CL-60", "F-WO-7", "T71", "T21"})
    void send_serviceRedirects_isNotFollowed(int status) throws Exception {
        try (ScriptedServer stranger = ScriptedServer.start()) {
            fixture.beforeOrders(request ->
                    Reply.of(status).header("Location", stranger.origin().text() + "/v1/payments"));
            assertThat(notCharged(get())).isEqualTo(Evidence.WALLET);
            assertThat(stranger.received()).isEmpty();
            assertThat(fixture.credentials()).isEmpty();
        }
    }

    @Test
    @Requirement({"T12", "F-CR-31", "F-CL-63"})
    void send_payeesAnswerLost_sendsTheSameTokenAndAsksTheServiceNothing() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.payee((request, paid) ->
                times.incrementAndGet() < 3 ? Reply.drop() : fixture.payee().serve(paid));
        assertThat(get().outcome()).isInstanceOf(Served.class);
        assertThat(fixture.credentials())
                .hasSize(3)
                .containsOnly(fixture.credentials().get(0));
        assertThat(fixture.asked()).containsExactly("POST /v1/payments");
    }

    @Test
    @Requirement({"F-CL-10", "F-CL-30"})
    void send_aboveTheThreshold_asksTheOwnerForTheVeryPriceThatIsOrdered() throws Exception {
        fixture.close();
        List<ApprovalRequest> asked = new ArrayList<>();
        fixture = new ServiceFixture(
                temp,
                policy -> policy.approveAbove("0.001usd", request -> {
                    assertThat(fixture.service.orders()).isEmpty();
                    return asked.add(request);
                }),
                builder -> builder);
        assertThat(get().outcome()).isInstanceOf(Served.class);
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).money().format()).isEqualTo("0.0025 USD");
        assertThat(asked.get(0).payee())
                .isEqualTo(fixture.fixture.server.origin().text());
        assertThat(asked.get(0).service()).isEqualTo(fixture.wallets.origin());
        assertThat(fixture.service.taken()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-44", "F-WA-14"})
    void resume_serviceRemovedSince_isNotContactedAndStaysSpent() throws Exception {
        var honest = fixture.service.honest();
        fixture.wallets.script(request -> {
            Reply reply = honest.apply(request);
            return request.target().equals("/v1/payments") ? Reply.drop() : reply;
        });
        get();
        fixture.fixture.purse.services().remove(fixture.wallets.origin());
        int before = fixture.wallets.received().size();
        PayingClient client = PayingClient.builder(fixture.fixture.purse, PayingProcess.policy())
                .journal(fixture.fixture.client.journal())
                .clock(fixture.clock())
                .keyFetcher(PatientKeys.at(fixture.clock()))
                .loopbackProfile()
                .build();
        PaidResponse<String> answer = client.resume(fixture.fixture.onlyPayment(), BodyHandlers.ofString());
        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
        assertThat(((Unknown) answer.outcome()).words()).contains("not in the purse any more");
        assertThat(fixture.wallets.received()).hasSize(before);
        assertThat(spent()).isEqualTo(2500);
    }
}
