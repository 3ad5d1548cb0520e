package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Free;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PayingClientTest {

    @TempDir
    Path temp;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private static Served served(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        return (Served) answer.outcome();
    }

    private static DeclineReason declined(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        return ((Declined) answer.outcome()).why();
    }

    private List<Received> paid() {
        return fixture.server.received().stream()
                .filter(request -> request.credential().isPresent())
                .toList();
    }

    @Test
    @Requirement({"F-OU-10", "F-CL-52", "F-AP-6"})
    void send_nothingAsked_isFree() throws Exception {
        fixture.server.script(request -> Reply.ok("hello"));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(answer.outcome()).isInstanceOf(Free.class);
        assertThat(answer.response().orElseThrow().body()).isEqualTo("hello");
        assertThat(fixture.server.received().get(0).header("Accept-Payment")).contains("wallet/charge");
        assertThat(fixture.client.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-50", "F-CL-51", "F-RC-20", "C2", "C6", "C8", "C17"})
    void send_paymentRequired_paysOnceAndServes() throws Exception {
        PaidResponse<String> answer = fixture.get("/page?n=1");
        Served served = served(answer);
        assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(served.payment().state()).isEqualTo(State.SERVED);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(200);
        assertThat(answer.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        assertThat(fixture.payee.takable()).isEqualTo(2500);
        assertThat(fixture.spent()).isEqualTo(2500);
        assertThat(fixture.server.received()).hasSize(2);
    }

    @Test
    @Requirement({"F-CL-55", "C18", "T38"})
    void send_paid_credentialIsNeitherInResponseNorOnDisk() throws Exception {
        PaidResponse<String> answer = fixture.get("/");
        String token = paid().get(0).credential().orElseThrow().token68();
        HttpRequest shown = answer.response().orElseThrow().request();
        assertThat(shown.headers().map().toString()).doesNotContain(token);
        assertThat(answer.toString() + fixture.client.journal().entries()).doesNotContain(token);
        try (var files = Files.walk(temp)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain(token);
            }
        }
    }

    @Test
    @Requirement({"C3", "F-BI-45"})
    void send_body_isBoundAndSentTwiceTheSame() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(fixture.uri("/summaries"))
                .POST(BodyPublishers.ofString("{\"hello\": \"world\"}"))
                .build();
        served(fixture.send(request));
        assertThat(fixture.server.received()).extracting(Received::text).containsOnly("{\"hello\": \"world\"}");
        assertThat(fixture.server.received())
                .extracting(received -> received.header("Content-Digest").orElseThrow())
                .containsOnly("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
    }

    @Test
    @Requirement("F-CL-9")
    void send_bodyTooLongToHold_isSentAndNotPaidFor() throws Exception {
        try (Fixture small = new Fixture(temp.resolve("small"), policy -> policy, builder -> builder.mostBody(9))) {
            HttpRequest request = HttpRequest.newBuilder(small.uri("/summaries"))
                    .POST(BodyPublishers.ofString("ten bytes."))
                    .build();
            PaidResponse<String> answer = small.send(request);
            assertThat(declined(answer)).isEqualTo(DeclineReason.BODY_NOT_REPEATABLE);
            assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
            assertThat(small.server.received()).extracting(Received::text).containsExactly("ten bytes.");
        }
    }

    @Test
    @Requirement("F-CL-50")
    void send_declined_callerGetsThe402WithItsBody() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> offer.amount = 10_001),
                (request, paid) -> fixture.payee.serve(paid)));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(declined(answer)).isEqualTo(DeclineReason.PER_REQUEST_LIMIT);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(answer.response().orElseThrow().body()).contains("PAYMENT_REQUIRED");
        assertThat(fixture.server.received()).hasSize(1);
    }

    @Test
    @Requirement({"T12", "F-CL-21", "F-CR-31"})
    void send_answerLost_sendsTheSameBytesAgain() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> switch (times.incrementAndGet()) {
                    case 1 -> Reply.drop();
                    case 2 -> fixture.payee.serve(paid).cutOffAfter(3);
                    default -> fixture.payee.serve(paid);
                }));
        assertThat(fixture.get("/").response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        assertThat(paid()).hasSize(3);
        assertThat(paid())
                .extracting(request -> request.header("Authorization").orElseThrow())
                .containsOnly(paid().get(0).header("Authorization").orElseThrow());
        assertThat(fixture.payee.payments()).isOne();
        assertThat(fixture.timer.waited()).containsExactly(Duration.ofMillis(250), Duration.ofMillis(500));
    }

    @Test
    @Requirement({"T12", "F-CL-21", "F-OU-12"})
    void send_inProgressAndUnavailable_honoursRetryAfter() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> switch (times.incrementAndGet()) {
                    case 1 ->
                        Reply.problem(Problem.of(ProblemType.REQUEST_IN_PROGRESS, "Wait."))
                                .header("Retry-After", "1")
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.PENDING, paid));
                    case 2 -> Reply.of(503).header("Retry-After", "Sun, 22 Nov 2026 09:00:41 GMT");
                    case 3 -> Reply.of(502).header("Retry-After", "soon");
                    default -> fixture.payee.serve(paid);
                }));
        served(fixture.get("/"));
        assertThat(fixture.timer.waited())
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1));
        assertThat(fixture.payee.payments()).isOne();
    }

    @Test
    @Requirement({"F-OU-12", "F-OU-14", "F-CL-44"})
    void send_neverAnAnswer_isUnknownAndCanBeResumed() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.drop()));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
        assertThat(answer.response()).isEmpty();
        assertThat(fixture.spent()).isEqualTo(2500);
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SENT);
        fixture.server.script(fixture.payee.honest(fixture.payer()));
        PaidResponse<String> resumed = fixture.client.resume(fixture.onlyPayment(), BodyHandlers.ofString());
        served(resumed);
        assertThat(resumed.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        assertThat(fixture.payee.payments()).isOne();
        assertThat(fixture.spent()).isEqualTo(2500);
        assertThatThrownBy(() -> fixture.client.resume(fixture.onlyPayment(), BodyHandlers.ofString()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Requirement("F-OU-12")
    void resume_serverStillDown_isUnknownAgainWithoutASecondPayment() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.drop()));
        fixture.get("/");
        fixture.clock.advance(Duration.ofMinutes(20));
        int before = paid().size();
        assertThat(fixture.client
                        .resume(fixture.onlyPayment(), BodyHandlers.ofString())
                        .outcome())
                .isInstanceOf(Unknown.class);
        assertThat(paid()).as("one attempt after the window").hasSize(before + 1);
        assertThat(fixture.payee.payments()).isOne();
    }

    @Test
    @Requirement("F-BI-45")
    void resume_withAnotherBodyOrUrl_isRefused() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.drop()));
        HttpRequest post = HttpRequest.newBuilder(fixture.uri("/p"))
                .POST(BodyPublishers.ofString("one"))
                .build();
        fixture.send(post);
        HttpRequest other = HttpRequest.newBuilder(fixture.uri("/p"))
                .POST(BodyPublishers.ofString("two"))
                .build();
        HttpRequest elsewhere = HttpRequest.newBuilder(fixture.uri("/q"))
                .POST(BodyPublishers.ofString("one"))
                .build();
        for (HttpRequest wrong : List.of(other, elsewhere)) {
            CompletableFuture<PaidResponse<String>> resumed =
                    fixture.client.resumeAsync(fixture.onlyPayment(), wrong, BodyHandlers.ofString());
            assertThatThrownBy(resumed::join).hasCauseInstanceOf(IllegalArgumentException.class);
        }
        fixture.server.script(fixture.payee.honest(fixture.payer()));
        assertThat(fixture.client
                        .resumeAsync(fixture.onlyPayment(), post, BodyHandlers.ofString())
                        .join()
                        .outcome())
                .isInstanceOf(Served.class);
    }

    @Test
    @Requirement({"C21", "F-CL-23"})
    void send_fieldSelected_keepsTheCallersAuthorization() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> offer.header = "Payment-Authorization"),
                (request, paid) -> fixture.payee.serve(paid)));
        served(fixture.send(HttpRequest.newBuilder(fixture.uri("/"))
                .header("Authorization", "Bearer app")
                .build()));
        Received request = paid().get(0);
        assertThat(request.header("Authorization")).contains("Bearer app");
        assertThat(request.header("Payment-Authorization")).isPresent();
        assertThat(request.credential().orElseThrow().challenge().header()).isEqualTo("Payment-Authorization");
    }

    @Test
    @Requirement("F-CL-23")
    void send_authorizationInUse_isNotReplaced() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(fixture.uri("/"))
                .header("Authorization", "Bearer app")
                .build();
        assertThat(declined(fixture.send(request))).isEqualTo(DeclineReason.AUTHORIZATION_IN_USE);
    }

    @Test
    @Requirement({"C17", "C19", "C10", "C15", "C1", "F-CH-24"})
    void send_severalChallenges_paysTheOneItCan() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> {
                    var other = fixture.payee.offer(request);
                    other.method = "lightning";
                    var dear = fixture.payee.offer(request);
                    dear.amount = 10_001;
                    return Reply.of(402)
                            .header("WWW-Authenticate", "Bearer realm=\"x\", Payment id=\"\", realm=\"x\"")
                            .header(
                                    "WWW-Authenticate",
                                    fixture.payee.signed(other).format())
                            .header(
                                    "WWW-Authenticate",
                                    fixture.payee.signed(dear).format() + ", "
                                            + fixture.payee
                                                    .signed(fixture.payee.offer(request))
                                                    .format());
                },
                (request, paid) -> fixture.payee.serve(paid)));
        served(fixture.get("/"));
        assertThat(fixture.payee.takable()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-22", "F-CL-26", "T14"})
    void send_redirectWithinOrigin_isFollowedBeforePayment() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> request.target().equals("/old")
                        ? Reply.of(302).header("Location", "/new?x=1")
                        : fixture.payee.demand(request, offer -> {}),
                (request, paid) -> fixture.payee.serve(paid)));
        served(fixture.get("/old"));
        assertThat(paid()).extracting(Received::target).containsExactly("/new?x=1");
    }

    @Test
    @Requirement("F-CL-26")
    void send_redirectLoop_ends() throws Exception {
        fixture.server.script(request -> Reply.of(307).header("Location", "/again"));
        assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.TOO_MANY_REDIRECTS);
        assertThat(fixture.server.received()).hasSize(6);
    }

    @Test
    @Requirement("F-CL-44")
    void send_streamedBody_closesThePaymentWithItsLastByte() throws Exception {
        PaidResponse<InputStream> answer =
                fixture.client.send(HttpRequest.newBuilder(fixture.uri("/")).build(), BodyHandlers.ofInputStream());
        served(answer);
        try (InputStream body = answer.response().orElseThrow().body()) {
            assertThat(body.readAllBytes()).asString().isEqualTo(TestPayee.CONTENT);
        }
        while (fixture.onlyPayment().state() != State.SERVED) {
            Thread.onSpinWait();
        }
    }

    @Test
    @Requirement("F-CL-44")
    void send_streamedBodyBreaks_staysOpenToBeResumed() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> fixture.payee.serve(paid).cutOffAfter(3)));
        PaidResponse<InputStream> answer =
                fixture.client.send(HttpRequest.newBuilder(fixture.uri("/")).build(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.response().orElseThrow().body()) {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(java.io.IOException.class);
        }
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SENT);
        fixture.server.script(fixture.payee.honest(fixture.payer()));
        served(fixture.client.resume(fixture.onlyPayment(), BodyHandlers.ofString()));
        assertThat(fixture.payee.payments()).isOne();
    }

    @Test
    @Requirement({"F-CL-32", "T11"})
    void sendAsync_manyAtOnce_neverAboveTheBudget() throws Exception {
        List<CompletableFuture<PaidResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(fixture.client.sendAsync(
                    HttpRequest.newBuilder(fixture.uri("/page?" + i)).build(), BodyHandlers.ofString()));
        }
        int served = 0;
        for (CompletableFuture<PaidResponse<String>> answer : answers) {
            served += answer.get().outcome() instanceof Served ? 1 : 0;
        }
        assertThat(served).isEqualTo(8);
        assertThat(fixture.payee.takable()).isEqualTo(20_000);
        assertThat(fixture.server.keyRequests())
                .as("concurrent fetches are one")
                .hasSize(1);
    }

    @Test
    @Requirement({"F-RC-22", "C20"})
    void send_receiptAbsentForgedOrForeign_isServedAndSpentAndSaidSo() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.server.script(fixture.payee.script(
                fixture.payer(), request -> fixture.payee.demand(request, offer -> {}), (request, paid) -> {
                    var good = fixture.payee.receipt(paid.challenge());
                    var other = fixture.payee.offer(request);
                    return switch (times.incrementAndGet()) {
                        case 1 -> Reply.ok("1");
                        case 2 -> Reply.ok("2").header("Payment-Receipt", "no receipt");
                        case 3 ->
                            Reply.ok("3")
                                    .header(
                                            "Payment-Receipt",
                                            fixture.payee
                                                    .receipt(fixture.payee.signed(other))
                                                    .format());
                        case 4 ->
                            Reply.ok("4")
                                    .header("Payment-Receipt", good.format())
                                    .header("Payment-Receipt", good.format());
                        default ->
                            Reply.ok("5")
                                    .header(
                                            "Payment-Receipt",
                                            org.farthing.protocol.PaymentReceipt.builder(
                                                            "wallet", "r", fixture.clock.instant())
                                                    .build()
                                                    .format());
                    };
                }));
        List<ReceiptStatus> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            statuses.add(served(fixture.get("/" + i)).receiptStatus());
        }
        assertThat(statuses)
                .containsExactly(
                        ReceiptStatus.ABSENT,
                        ReceiptStatus.INVALID,
                        ReceiptStatus.INVALID,
                        ReceiptStatus.INVALID,
                        ReceiptStatus.UNSIGNED);
        assertThat(fixture.spent()).isEqualTo(5 * 2500);
    }

    @Test
    @Requirement("F-OU-10")
    void send_answeredBefore_isServedWithoutASecondPayment() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.problem(Problem.of(ProblemType.ALREADY_FULFILLED, "It was answered.")
                        .with("reference", "ch_1"))));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(served(answer).receiptStatus()).isEqualTo(ReceiptStatus.ABSENT);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(409);
        assertThat(fixture.payee.payments()).isOne();
    }

    @Test
    @Requirement({"F-OU-11", "F-OU-13"})
    void send_signedReleaseBeforeExecution_paysOnceMoreByItself() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> times.incrementAndGet() > 1
                        ? fixture.payee.serve(paid)
                        : Reply.problem(fixture.payee.released(paid, "no"))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                                .header(
                                        "WWW-Authenticate",
                                        fixture.payee
                                                .signed(fixture.payee.offer(request))
                                                .format())));
        PaidResponse<String> answer = fixture.get("/");
        Served served = served(answer);
        assertThat(fixture.payee.payments()).isEqualTo(2);
        assertThat(fixture.spent()).isEqualTo(2500);
        assertThat(served.payment().instead())
                .isEqualTo(fixture.client.journal().entries().get(0).id());
    }

    @Test
    @Requirement({"F-OU-15", "F-CL-25"})
    void send_unsafeRequestMayHaveRun_isNotRepeated() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> Reply.problem(fixture.payee.released(paid, "unknown"))
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                        .header(
                                "WWW-Authenticate",
                                fixture.payee
                                        .signed(fixture.payee.offer(request))
                                        .format())));
        PaidResponse<String> answer = fixture.send(HttpRequest.newBuilder(fixture.uri("/"))
                .POST(BodyPublishers.ofString("x"))
                .build());
        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        NotCharged.class,
                        outcome -> assertThat(outcome.evidence()).isEqualTo(PaymentOutcome.Evidence.SIGNED_RELEASE));
        assertThat(fixture.payee.payments()).isOne();
        assertThat(fixture.spent()).as("the signed release gave it back").isZero();
    }

    @Test
    @Requirement({"F-WO-7", "F-RQ-6"})
    void send_walletServiceWanted_isDeclined() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> offer.providers = "https://wallet.example"),
                (request, paid) -> fixture.payee.serve(paid)));
        assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.METHOD_UNSUPPORTED);
    }

    @Test
    @Requirement("F-CL-42")
    void send_journalGone_paysNothing() throws Exception {
        served(fixture.get("/"));
        Files.delete(temp.resolve("purse/journal.jsonl"));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(declined(answer)).isEqualTo(DeclineReason.JOURNAL_UNUSABLE);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
    }

    @Test
    @Requirement("F-CL-42")
    void send_newJournalForAUsedPurse_paysNothing() throws Exception {
        served(fixture.get("/"));
        Files.delete(temp.resolve("purse/journal.jsonl"));
        try (Fixture again = new Fixture(temp)) {
            assertThat(declined(again.get("/"))).isEqualTo(DeclineReason.PURSE_UNUSABLE);
            again.purse.forgetJournal();
            served(again.get("/"));
        }
    }

    @Test
    @Requirement("F-CL-22")
    void httpClient_thatFollowsRedirects_isRefused() {
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatThrownBy(() -> PayingClient.builder(
                                fixture.purse,
                                org.farthing.client.budget.SpendingPolicy.builder()
                                        .allowAnyOrigin()
                                        .perRequest("1usd")
                                        .total("1usd")
                                        .build())
                        .httpClient(following))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void send_credentialOfTheCaller_isRefused() {
        HttpRequest request = HttpRequest.newBuilder(fixture.uri("/"))
                .header("Authorization", "payment abc")
                .build();
        assertThatThrownBy(() -> fixture.send(request)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void send_noAnswerAtAll_failsAsTheWrappedClientDoes() {
        fixture.server.script(request -> Reply.drop());
        assertThatThrownBy(() -> fixture.get("/")).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void send_bodyFromStream_isStreamedToTheServer() throws Exception {
        fixture.server.script(request -> Reply.ok(request.text()));
        HttpRequest request = HttpRequest.newBuilder(fixture.uri("/"))
                .POST(BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[] {'h', 'i'})), 2))
                .build();
        assertThat(fixture.send(request).response().orElseThrow().body()).isEqualTo("hi");
    }

    @Test
    @Requirement({"F-CL-44", "F-OU-14"})
    void sendAsync_cancelled_stopsAndLeavesThePaymentToBeResumed() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try (Fixture stopped = new Fixture(
                temp.resolve("stopped"),
                policy -> policy,
                builder -> builder.listener(event -> {
                    if (event instanceof PaymentEvent.Finished finished && finished.outcome() instanceof Unknown) {
                        ended.complete(null);
                    }
                }))) {
            stopped.server.script(stopped.payee.script(
                    stopped.payer(), request -> stopped.payee.demand(request, offer -> {}), (request, paid) -> {
                        arrived.complete(null);
                        ended.join();
                        return Reply.drop();
                    }));
            CompletableFuture<PaidResponse<String>> answer = stopped.client.sendAsync(
                    HttpRequest.newBuilder(stopped.uri("/")).build(), BodyHandlers.ofString());
            arrived.join();
            assertThat(answer.cancel(true)).isTrue();
            ended.join();
            assertThat(stopped.timer.waited()).isEmpty();
            assertThat(stopped.onlyPayment().state()).isEqualTo(State.SENT);
            stopped.server.script(stopped.payee.honest(stopped.payer()));
            served(stopped.client.resume(stopped.onlyPayment(), BodyHandlers.ofString()));
            assertThat(stopped.payee.payments()).isOne();
        }
    }

    @Test
    @Requirement("F-CL-44")
    void send_interrupted_throwsAndLeavesThePaymentToBeResumed() throws Exception {
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        fixture.server.script(fixture.payee.script(
                fixture.payer(), request -> fixture.payee.demand(request, offer -> {}), (request, paid) -> {
                    caller.join().interrupt();
                    end.join();
                    return Reply.drop();
                }));
        caller.complete(Thread.currentThread());
        assertThatThrownBy(() -> fixture.get("/")).isInstanceOf(InterruptedException.class);
        end.complete(null);
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SENT);
    }

    @Test
    void listener_thatThrows_doesNoHarm() throws Exception {
        try (Fixture noisy = new Fixture(
                temp.resolve("noisy"),
                policy -> policy,
                builder -> builder.listener(event -> {
                    throw new IllegalStateException("no");
                }))) {
            served(noisy.get("/"));
        }
    }

    @Test
    @Requirement({"F-RC-21", "F-RQ-5"})
    void send_upto_countsTheMostItCanTake() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> offer.capture = "upto"),
                (request, paid) -> fixture.payee.serve(paid)));
        assertThat(served(fixture.get("/")).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(fixture.spent()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-RQ-4", "F-ST-16"})
    void send_zeroAmountSigned_provesTheWalletAndCostsNothing() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> offer.amount = 0),
                (request, paid) -> fixture.payee.serve(paid)));
        served(fixture.get("/"));
        assertThat(fixture.spent()).isZero();
    }

    @Test
    @Requirement({"F-KY-31", "F-KY-61"})
    void send_newKeyBesideTheOldOne_isPaidWithoutAsking() throws Exception {
        served(fixture.get("/"));
        TestPayee rotated = new TestPayee(fixture.server.origin(), fixture.clock);
        List<org.farthing.protocol.signature.VerificationKey> both =
                List.of(fixture.payee.key().publicKey(), rotated.key().publicKey());
        rotated.publish(org.farthing.protocol.signature.KeyDirectory.of(fixture.server.origin(), both));
        fixture.server.script(rotated.honest(fixture.payer()));
        fixture.clock.advance(Duration.ofSeconds(61));
        assertThat(served(fixture.get("/")).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(fixture.server.keyRequests())
                .as("an unknown key is looked up once")
                .hasSize(2);
    }
}
