package org.farthing.client.jetty;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.client.BasicAuthentication;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.InputStreamRequestContent;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.farthing.client.DeclineReason;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Free;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
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

@Timeout(120)
class JettyPayerTest {

    @TempDir
    Path temp;

    private JettyFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new JettyFixture(temp, builder -> builder);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void restart(UnaryOperator<PayingClient.Builder> change) throws Exception {
        fixture.close();
        fixture = new JettyFixture(temp.resolve("again"), change);
    }

    /** A port that was free a moment ago: a server that is closed may still take what its thread waits for. */
    private Request nobodyThere() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return fixture.http.newRequest("http://127.0.0.1:" + free.getLocalPort() + "/");
        }
    }

    private Served served(Request request) throws Exception {
        PaymentOutcome outcome = fixture.outcome(request);
        assertThat(outcome).isInstanceOf(Served.class);
        return (Served) outcome;
    }

    private DeclineReason declined(Request request) throws Exception {
        PaymentOutcome outcome = fixture.outcome(request);
        assertThat(outcome).isInstanceOf(Declined.class);
        return ((Declined) outcome).why();
    }

    /** A script whose paid answers are given one after the other. */
    private void script(TestPayee.Paid paid) {
        fixture.server.script(
                fixture.payee.script(fixture.key(), request -> fixture.payee.demand(request, offer -> {}), paid));
    }

    @Test
    @Requirement({"F-OU-10", "F-CL-52", "F-CL-70"})
    void send_nothingAsked_isFree() throws Exception {
        fixture.server.script(request -> Reply.ok("hello"));
        Request request = fixture.request("/");
        assertThat(request.send().getContentAsString()).isEqualTo("hello");
        assertThat(fixture.outcome(request)).isInstanceOf(Free.class);
        assertThat(fixture.server.received().get(0).header("Accept-Payment")).contains("wallet/charge");
        assertThat(fixture.payer.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-70", "F-CL-50", "F-CL-51", "C2", "C6", "C8"})
    void send_paymentRequired_paysOnceAndServes() throws Exception {
        Request request = fixture.request("/page?n=1");
        ContentResponse answer = request.send();
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString()).isEqualTo(TestPayee.CONTENT);
        Served served = served(request);
        assertThat(served.receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(served.payment().state()).isEqualTo(State.SERVED);
        assertThat(served.payment().proposal().amount().baseUnits()).isEqualTo(2500);
        assertThat(fixture.payee.takable()).isEqualTo(2500);
        assertThat(fixture.server.received()).extracting(Received::target).containsExactly("/page?n=1", "/page?n=1");
    }

    @Test
    @Requirement({"F-CL-72"})
    void send_listeners_hearOfOneAnswer() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger completed = new AtomicInteger();
        Request request = fixture.request("/")
                .onResponseBegin(response -> begun.incrementAndGet())
                .onComplete(result -> completed.incrementAndGet());
        request.send();
        served(request);
        assertThat(begun).hasValue(1);
        assertThat(completed).hasValue(1);
    }

    @Test
    @Requirement({"F-CL-55", "C18", "T38"})
    void send_paid_credentialIsNotShown() throws Exception {
        ContentResponse answer = fixture.request("/").send();
        String token = fixture.paid().get(0).credential().orElseThrow().token68();
        assertThat(answer.getRequest().getHeaders().asString()).doesNotContain(token);
        assertThat(answer.getHeaders().asString()).doesNotContain(token);
        assertThat(fixture.payer.toString()).doesNotContain(token);
    }

    @Test
    @Requirement({"F-CL-72"})
    void send_content64MiB_arrivesWhileTheServerStillSends() throws Exception {
        int length = 64 * 1024 * 1024;
        CountDownLatch goOn = new CountDownLatch(1);
        byte[] content = new byte[length];
        script((request, paid) -> fixture.payee.serve(paid).body(content).pauseAfter(length - 1, goOn));
        AtomicLong seen = new AtomicLong();
        CompletableFuture<Result> done = new CompletableFuture<>();
        Request request = fixture.request("/film").onResponseContent((response, buffer) -> {
            // The server keeps its last byte until the application has had the others.
            if (seen.addAndGet(buffer.remaining()) == length - 1) {
                goOn.countDown();
            }
        });
        request.send(done::complete);
        assertThat(done.get(60, TimeUnit.SECONDS).isSucceeded()).isTrue();
        assertThat(seen).hasValue(length);
        assertThat(served(request).payment().proposal().amount().baseUnits()).isEqualTo(2500);
    }

    @Test
    @Requirement({"F-CL-73", "F-CL-44"})
    void send_contentBreaksOff_isNotAskedForAgainAndCanBeResumed() throws Exception {
        byte[] content = new byte[500_000];
        AtomicInteger asked = new AtomicInteger();
        script((request, paid) -> {
            Reply reply = fixture.payee.serve(paid).body(content);
            return asked.incrementAndGet() == 1 ? reply.cutOffAfter(300_000) : reply;
        });
        Request request = fixture.request("/film");
        AtomicInteger completed = new AtomicInteger();
        CompletableFuture<Result> broke = new CompletableFuture<>();
        // Not the blocking send, which aborts the request when it fails.
        request.onComplete(result -> completed.incrementAndGet()).send(broke::complete);
        assertThat(broke.get(60, TimeUnit.SECONDS).isFailed()).isTrue();
        PaymentOutcome broken = fixture.outcome(request);
        assertThat(broken).isInstanceOf(Unknown.class);
        assertThat(asked).hasValue(1);
        assertThat(completed).hasValue(1);
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SENT);

        CompletableFuture<Result> done = new CompletableFuture<>();
        AtomicLong seen = new AtomicLong();
        Request again =
                fixture.request("/film").onResponseContent((response, buffer) -> seen.addAndGet(buffer.remaining()));
        PaymentOutcome outcome = fixture.payer
                .resume(fixture.onlyPayment(), again, done::complete)
                .get(60, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(Served.class);
        assertThat(done.get(60, TimeUnit.SECONDS).isSucceeded()).isTrue();
        assertThat(seen).hasValue(content.length);
        assertThat(fixture.payee.payments()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CL-44"})
    void resume_anotherRequestOrOver_fails() throws Exception {
        Request first = fixture.request("/a");
        assertThat(first.send().getStatus()).isEqualTo(200);
        // The content is with the application before the payment is closed in the journal, and the outcome after it.
        served(first);
        Request over = fixture.request("/a");
        CompletableFuture<Result> heard = new CompletableFuture<>();
        assertThatThrownBy(() -> fixture.payer
                        .resume(fixture.onlyPayment(), over, heard::complete)
                        .get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(heard.get(60, TimeUnit.SECONDS).isFailed()).isTrue();
    }

    @Test
    @Requirement({"F-CL-20", "T9"})
    void send_priceRaisedOnTheSecond402_isNotPaid() throws Exception {
        script((request, paid) -> {
            Offer dearer = fixture.payee.offer(request);
            dearer.amount = 9000;
            return Reply.problem(fixture.payee.released(paid, "no"))
                    .header("WWW-Authenticate", fixture.payee.signed(dearer).format())
                    .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid));
        });
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(402);
        assertThat(fixture.outcome(request))
                .isInstanceOfSatisfying(
                        NotCharged.class,
                        outcome -> assertThat(outcome.notRepeated())
                                .isNotNull()
                                .extracting(Declined::why)
                                .isEqualTo(DeclineReason.TERMS_CHANGED));
        assertThat(fixture.payee.payments()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CL-20", "T9"})
    void send_402ForEver_paysOnce() throws Exception {
        script((request, paid) -> fixture.payee.demand(request, offer -> {}));
        Request request = fixture.request("/");
        ContentResponse answer = request.send();
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(answer.getContentAsString()).contains("This page costs money.");
        assertThat(fixture.outcome(request)).isInstanceOf(Unknown.class);
        assertThat(fixture.payee.payments()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CL-20", "F-OU-11"})
    void send_signedReleaseWithAFreshOffer_paysOnceMoreByItself() throws Exception {
        script((request, paid) -> fixture.payee.payments() == 1
                ? Reply.problem(fixture.payee.released(paid, "no"))
                        .header(
                                "WWW-Authenticate",
                                fixture.payee
                                        .signed(fixture.payee.offer(request))
                                        .format())
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                : fixture.payee.serve(paid));
        Request request = fixture.request("/");
        assertThat(request.send().getContentAsString()).isEqualTo(TestPayee.CONTENT);
        served(request);
        assertThat(fixture.payee.payments()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-CL-21", "F-CR-31", "T12"})
    void send_answerLost_sendsTheSameBytesAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        script((request, paid) -> asked.incrementAndGet() < 3 ? Reply.drop() : fixture.payee.serve(paid));
        AtomicInteger completed = new AtomicInteger();
        Request request = fixture.request("/").onComplete(result -> completed.incrementAndGet());
        assertThat(request.send().getContentAsString()).isEqualTo(TestPayee.CONTENT);
        served(request);
        assertThat(fixture.paid()).hasSize(3);
        assertThat(fixture.paid().stream()
                        .map(paid -> paid.credential().orElseThrow().token68())
                        .distinct())
                .hasSize(1);
        assertThat(completed).hasValue(1);
    }

    @Test
    @Requirement({"F-CL-21", "F-OU-12"})
    void send_inProgress_asksAgainAndOnlyTheLastAnswerIsSeen() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        script((request, paid) -> asked.incrementAndGet() == 1
                ? Reply.problem(Problem.of(ProblemType.REQUEST_IN_PROGRESS, "Wait."))
                        .header("Retry-After", "7")
                : fixture.payee.serve(paid));
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.timer.waited()).extracting(wait -> wait.toSeconds()).containsExactly(7L);
    }

    @Test
    @Requirement({"F-CL-56", "F-CL-72", "F-OU-12"})
    void send_pendingAnswerOfAnyStatus_reachesTheApplicationOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        script((request, paid) -> asked.incrementAndGet() == 1
                ? Reply.of(429)
                        .body("slowly")
                        .header("Retry-After", "3")
                        .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.PENDING, paid))
                : fixture.payee.serve(paid));
        AtomicInteger begun = new AtomicInteger();
        Request request = fixture.request("/").onResponseBegin(response -> begun.incrementAndGet());
        assertThat(request.send().getContentAsString()).isEqualTo(TestPayee.CONTENT);
        served(request);
        assertThat(begun).hasValue(1);
        assertThat(fixture.paid()).hasSize(2);
    }

    /** Jetty has no URI for it, so there is nothing a payment could be bound to. */
    @Test
    @Requirement({"F-CL-50", "F-CL-70"})
    void send_optionsAsterisk_isSentAndNotPaidFor() throws Exception {
        for (int status : new int[] {200, 402}) {
            fixture.server.script(request -> Reply.of(status));
            Request request = fixture.request("/").method(HttpMethod.OPTIONS).path("*");
            assertThat(request.send().getStatus()).isEqualTo(status);
            if (status == 402) {
                assertThat(declined(request)).isEqualTo(DeclineReason.REQUEST_UNSUPPORTED);
            } else {
                assertThat(fixture.outcome(request)).isInstanceOf(Free.class);
            }
        }
        assertThat(fixture.server.received()).extracting(Received::target).containsExactly("*", "*");
    }

    @Test
    @Requirement({"F-CL-50"})
    void send_answersNeverCome_failsAndSaysThatItCanBeResumed() throws Exception {
        script((request, paid) -> Reply.drop());
        Request request = fixture.request("/");
        assertThatThrownBy(request::send).hasMessageContaining("the journal has it");
        assertThat(fixture.outcome(request)).isInstanceOf(Unknown.class);
        assertThat(fixture.payee.payments()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CL-3", "T14", "C13"})
    void send_redirectToAnotherOriginThen402_isNotPaid() throws Exception {
        try (ScriptedServer lure = ScriptedServer.start()) {
            String target = fixture.server.origin().text() + "/page";
            lure.script(request -> Reply.of(302).header("Location", target));
            Request request = fixture.http.newRequest(lure.origin().text() + "/start");
            assertThat(request.send().getStatus()).isEqualTo(402);
            assertThat(declined(request)).isEqualTo(DeclineReason.CROSS_ORIGIN_REDIRECT);
            assertThat(fixture.paid()).isEmpty();
        }
    }

    @Test
    @Requirement({"F-CL-22", "F-CL-70"})
    void send_redirectWithinTheOrigin_isFollowedBeforePayment() throws Exception {
        fixture.server.script(request -> request.target().equals("/old")
                ? Reply.of(302).header("Location", "/new")
                : fixture.payee.honest(fixture.key()).apply(request));
        Request request = fixture.request("/old");
        assertThat(request.send().getContentAsString()).isEqualTo(TestPayee.CONTENT);
        served(request);
        assertThat(fixture.paid()).extracting(Received::target).containsExactly("/new");
    }

    @Test
    @Requirement({"F-CL-22", "T14"})
    void send_redirectOfTheCredential_isNotFollowed() throws Exception {
        try (ScriptedServer elsewhere = ScriptedServer.start()) {
            String target = elsewhere.origin().text() + "/take";
            script((request, paid) -> Reply.of(307).header("Location", target));
            Request request = fixture.request("/");
            assertThat(request.send().getStatus()).isEqualTo(307);
            assertThat(fixture.outcome(request)).isInstanceOf(Unknown.class);
            assertThat(elsewhere.received()).isEmpty();
            assertThat(fixture.paid()).hasSize(1);
        }
    }

    /** What the adapter stands on: a copied request has no Authorization, whatever the caller or we put there. */
    @Test
    @Requirement({"F-CL-71", "T14"})
    void copy_ofJetty_dropsAuthorization() {
        HttpRequest request = (HttpRequest) fixture.request("/");
        request.headers(headers -> headers.put("Authorization", "Bearer app"));
        assertThat(request.copy(request.getURI()).getHeaders().contains("Authorization"))
                .isFalse();
        assertThat(request.copy(request.getURI()).getConversation()).isSameAs(request.getConversation());
    }

    @Test
    @Requirement({"F-CL-70", "F-CL-71"})
    void send_401ToThePaidRequest_sendsNoCredentialAgain() throws Exception {
        URI uri = URI.create(fixture.server.origin().text());
        fixture.http.getAuthenticationStore().addAuthentication(new BasicAuthentication(uri, "app", "user", "secret"));
        script((request, paid) -> Reply.of(401).header("WWW-Authenticate", "Basic realm=\"app\""));
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(401);
        assertThat(fixture.outcome(request)).isInstanceOf(Unknown.class);
        assertThat(fixture.paid()).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-23", "F-CL-70", "C21", "S52"})
    void send_passwordFirst_thenPaysInTheOtherField() throws Exception {
        URI uri = URI.create(fixture.server.origin().text());
        fixture.http.getAuthenticationStore().addAuthentication(new BasicAuthentication(uri, "app", "user", "secret"));
        String basic = "Basic dXNlcjpzZWNyZXQ=";
        fixture.server.script(request -> request.target().startsWith("/.well-known")
                        || request.header("Authorization").filter(basic::equals).isPresent()
                ? fixture.payee
                        .script(
                                fixture.key(),
                                unpaid -> fixture.payee.demand(unpaid, offer -> offer.header = "Payment-Authorization"),
                                (paid, credential) -> fixture.payee.serve(credential))
                        .apply(request)
                : Reply.of(401).header("WWW-Authenticate", "Basic realm=\"app\""));
        for (int i = 1; i <= 2; i++) {
            // The second time the password is in the client's store, which writes it by itself.
            Request request = fixture.request("/");
            assertThat(request.send().getContentAsString()).isEqualTo(TestPayee.CONTENT);
            served(request);
            assertThat(fixture.paid()).hasSize(i);
            assertThat(fixture.paid())
                    .allMatch(paid ->
                            paid.header("Authorization").filter(basic::equals).isPresent());
        }
    }

    @Test
    @Requirement({"F-CL-23", "S52"})
    void send_passwordInTheStore_isNotReplacedUnlessAllowed() throws Exception {
        fixture.http
                .getAuthenticationStore()
                .addAuthenticationResult(new BasicAuthentication.BasicResult(
                        URI.create(fixture.server.origin().text()), "user", "secret"));
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(402);
        assertThat(declined(request)).isEqualTo(DeclineReason.AUTHORIZATION_IN_USE);

        restart(PayingClient.Builder::replaceAuthorization);
        fixture.http
                .getAuthenticationStore()
                .addAuthenticationResult(new BasicAuthentication.BasicResult(
                        URI.create(fixture.server.origin().text()), "user", "secret"));
        fixture.http
                .getRequestListeners()
                .addBeginListener(late -> late.headers(headers -> {
                    if (!headers.contains("Authorization")) {
                        headers.put("Authorization", "Bearer late");
                    }
                }));
        Request allowed = fixture.request("/");
        assertThat(allowed.send().getStatus()).isEqualTo(200);
        served(allowed);
        // header() of a request fails where a field was sent twice.
        assertThat(fixture.paid().get(0).header("Authorization").orElseThrow()).startsWith("Payment ");
    }

    @Test
    @Requirement({"F-CL-23", "C21"})
    void send_fieldSelected_keepsTheCallersAuthorization() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.key(),
                request -> fixture.payee.demand(request, offer -> offer.header = "Payment-Authorization"),
                (request, paid) -> fixture.payee.serve(paid)));
        Request request = fixture.request("/").headers(headers -> headers.put("Authorization", "Bearer app"));
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.paid().get(0).header("Authorization")).contains("Bearer app");
    }

    @Test
    @Requirement({"C3", "F-CL-7", "F-BI-45"})
    void send_body_isBoundAndSentTwiceTheSame() throws Exception {
        Request request = fixture.request("/summaries")
                .method(HttpMethod.POST)
                .headers(headers -> headers.put("Idempotency-Key", "\"one\""))
                .body(new StringRequestContent("application/json", "{\"hello\": \"world\"}"));
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.server.received()).extracting(Received::text).containsOnly("{\"hello\": \"world\"}");
        assertThat(fixture.server.received()).hasSize(2).allSatisfy(received -> {
            assertThat(received.header("Content-Digest")).isPresent();
            assertThat(received.header("Content-Type")).contains("application/json");
            assertThat(received.header("Content-Length")).contains("18");
            assertThat(received.header("Idempotency-Key")).contains("\"one\"");
        });
    }

    @Test
    @Requirement({"F-CL-9"})
    void send_bodyOnceOnly_isSentAndNotPaidFor() throws Exception {
        Request request = fixture.request("/")
                .method(HttpMethod.POST)
                .body(new InputStreamRequestContent(
                        "text/plain", new ByteArrayInputStream("once".getBytes(StandardCharsets.UTF_8)), null));
        assertThat(request.send().getStatus()).isEqualTo(402);
        assertThat(declined(request)).isEqualTo(DeclineReason.BODY_NOT_REPEATABLE);
        assertThat(fixture.server.received()).extracting(Received::text).containsExactly("once");
    }

    @Test
    @Requirement({"F-CL-9"})
    void send_bodyTooLongToHold_isSentAndNotPaidFor() throws Exception {
        restart(builder -> builder.mostBody(10));
        Request request =
                fixture.request("/").method(HttpMethod.POST).body(new StringRequestContent("more than ten bytes"));
        assertThat(request.send().getStatus()).isEqualTo(402);
        assertThat(declined(request)).isEqualTo(DeclineReason.BODY_NOT_REPEATABLE);
        assertThat(fixture.server.received()).extracting(Received::text).containsExactly("more than ten bytes");
    }

    @Test
    @Requirement({"F-CL-70"})
    void send_expectContinue_402BeforeTheBody_isPaid() throws Exception {
        fixture.server.answerEarly(request -> request.header("Expect").isPresent());
        Request request = fixture.request("/")
                .method(HttpMethod.POST)
                .headers(headers -> headers.put(HttpHeader.EXPECT, "100-continue"))
                .body(new StringRequestContent("body"));
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.paid()).extracting(Received::text).containsExactly("body");
    }

    @Test
    @Requirement({"F-CL-70"})
    void send_uploadStillRunning_402IsPaid() throws Exception {
        String body = "x".repeat(4 * 1024 * 1024);
        fixture.server.answerEarly(
                request -> request.credential().isEmpty() && !request.target().startsWith("/.well-known"));
        Request request =
                fixture.request("/").method(HttpMethod.POST).body(new StringRequestContent("text/plain", body));
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.paid().get(0).text()).isEqualTo(body);
    }

    @Test
    @Requirement({"F-CL-70"})
    void send_cookiesAndTrailers_areKept() throws Exception {
        Request request = fixture.request("/")
                .method(HttpMethod.POST)
                .cookie(HttpCookie.from("basket", "7"))
                .body(new StringRequestContent("body"))
                .headers(headers -> headers.remove(HttpHeader.CONTENT_LENGTH).put("Transfer-Encoding", "chunked"))
                .trailersSupplier(() -> HttpFields.build().put("X-Sum", "42"));
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.server.received()).hasSize(2).allSatisfy(received -> {
            assertThat(received.header("Cookie")).contains("basket=7");
            assertThat(received.text()).isEqualTo("body");
            assertThat(received.header("X-Sum")).contains("42");
        });
    }

    @Test
    @Requirement({"F-CL-50"})
    void send_declined_applicationGetsThe402WithItsBody() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.key(),
                request -> fixture.payee.demand(request, offer -> offer.amount = 20_000),
                (request, paid) -> fixture.payee.serve(paid)));
        Request request = fixture.request("/");
        ContentResponse answer = request.send();
        assertThat(answer.getStatus()).isEqualTo(402);
        assertThat(answer.getMediaType()).isEqualTo("application/problem+json");
        assertThat(answer.getContentAsString()).contains("This page costs money.");
        assertThat(answer.getHeaders().contains("WWW-Authenticate")).isTrue();
        assertThat(declined(request)).isEqualTo(DeclineReason.PER_REQUEST_LIMIT);
    }

    @Test
    @Requirement({"F-CL-50", "T23"})
    void send_402WithEndlessBody_isCutOffAndPaid() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.key(),
                request -> fixture.payee.demand(request, offer -> {}).body("x".repeat(10_000_000)),
                (request, paid) -> fixture.payee.serve(paid)));
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
    }

    @Test
    @Requirement({"F-CL-50"})
    void send_serverIsNotThere_outcomeFailsToo() throws Exception {
        Request request = nobodyThere();
        assertThatThrownBy(request::send).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> fixture.outcome(request)).isInstanceOf(ExecutionException.class);
    }

    @Test
    @Requirement({"F-CL-70"})
    void abort_whileTheOwnerIsAsked_nothingIsSentAndTheApplicationHears() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        restart(builder -> builder.listener(event -> {
            if (event instanceof org.farthing.client.PaymentEvent.Checked) {
                asked.countDown();
                await(answered);
            }
        }));
        Request request = fixture.request("/");
        CompletableFuture<Result> done = new CompletableFuture<>();
        request.send(done::complete);
        await(asked);
        var unused = request.abort(new IllegalStateException("enough"));
        answered.countDown();
        assertThat(done.get(60, TimeUnit.SECONDS).getFailure()).hasMessage("enough");
        assertThat(fixture.outcome(request)).isInstanceOfAny(Declined.class, NotCharged.class);
        assertThat(fixture.paid()).isEmpty();
    }

    @Test
    @Requirement({"F-CL-70"})
    void abort_whileThePaidAnswerIsAwaited_breaksItOff() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        script((request, paid) -> {
            arrived.countDown();
            await(goOn);
            return fixture.payee.serve(paid);
        });
        Request request = fixture.request("/");
        CompletableFuture<Result> done = new CompletableFuture<>();
        request.send(done::complete);
        await(arrived);
        var unused = request.abort(new IllegalStateException("enough"));
        assertThat(done.get(60, TimeUnit.SECONDS).getFailure()).hasMessage("enough");
        assertThat(fixture.outcome(request)).isInstanceOf(Unknown.class);
        goOn.countDown();
        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SENT);
    }

    @Test
    @Requirement({"F-CL-70"})
    void timeout_ofTheWholeRequest_holdsWhilePaying() throws Exception {
        // The time must end while the owner is asked. How long it takes to get there is the machine's affair, so there
        // is
        // twice as much of it each time until it is enough.
        long millis = 300;
        while (!endsWhilePaying(millis)) {
            millis *= 2;
        }
    }

    /** Whether the owner was asked before so much time was over; if so, what a timeout promises is checked. */
    private boolean endsWhilePaying(long millis) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Request> sent = new AtomicReference<>();
        AtomicBoolean inTime = new AtomicBoolean();
        fixture.close();
        fixture = new JettyFixture(
                temp.resolve("timeout-" + millis),
                builder -> builder.listener(event -> {
                    if (event instanceof org.farthing.client.PaymentEvent.Checked) {
                        inTime.set(requireNonNull(sent.get()).getAbortCause() == null && goOn.getCount() > 0);
                        await(goOn);
                    }
                }));
        Request request = fixture.request("/").timeout(millis, TimeUnit.MILLISECONDS);
        sent.set(request);
        assertThatThrownBy(request::send).isInstanceOf(java.util.concurrent.TimeoutException.class);
        goOn.countDown();
        if (!inTime.get()) {
            return false;
        }
        assertThat(fixture.outcome(request)).isInstanceOfAny(Declined.class, NotCharged.class);
        assertThat(fixture.paid()).isEmpty();
        return true;
    }

    /** The client has one selector and few threads; a payment that waits for its owner holds none of them. */
    @Test
    @Requirement({"F-CL-70", "F-CL-30"})
    void approvalThatWaits_othersGoOn() throws Exception {
        CountDownLatch asked = new CountDownLatch(8);
        CountDownLatch answer = new CountDownLatch(1);
        fixture.close();
        fixture = new JettyFixture(
                temp.resolve("slow"),
                builder -> builder.listener(event -> {
                    if (event instanceof org.farthing.client.PaymentEvent.Checked) {
                        asked.countDown();
                        await(answer);
                    }
                }));
        CompletableFuture<?>[] waiting = new CompletableFuture<?>[8];
        for (int i = 0; i < waiting.length; i++) {
            CompletableFuture<Result> done = new CompletableFuture<>();
            fixture.request("/" + i).send(done::complete);
            waiting[i] = done;
        }
        await(asked);
        try (ScriptedServer free = ScriptedServer.start()) {
            free.script(request -> Reply.ok("free"));
            assertThat(fixture.http.GET(free.origin().text()).getContentAsString())
                    .isEqualTo("free");
        }
        answer.countDown();
        CompletableFuture.allOf(waiting).get(60, TimeUnit.SECONDS);
        assertThat(fixture.payee.payments()).isEqualTo(8);
    }

    @Test
    @Requirement({"F-CL-70"})
    void stopAndStart_paysAgain() throws Exception {
        fixture.http.stop();
        fixture.http.start();
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
    }

    @Test
    @Requirement({"F-CL-70"})
    void uninstall_leavesTheClientAsItWas() throws Exception {
        assertThatThrownBy(() -> JettyPayer.install(
                        fixture.http,
                        PayingClient.builder(
                                fixture.purse,
                                SpendingPolicy.builder()
                                        .allowAnyOrigin()
                                        .perRequest("1usd")
                                        .total("1usd")
                                        .build())))
                .isInstanceOf(IllegalStateException.class);
        fixture.payer.uninstall();
        assertThat(fixture.request("/").send().getStatus()).isEqualTo(402);
        fixture.http.stop();
        fixture.http.start();
        assertThat(fixture.request("/").send().getStatus()).isEqualTo(402);
        assertThat(fixture.paid()).isEmpty();
        assertThat(fixture.server.received())
                .allMatch(request -> request.header("Accept-Payment").isEmpty());
    }

    @Test
    @Requirement({"F-CL-50"})
    void send_notFoundAfterPayment_isStreamedWhole() throws Exception {
        String page = "n".repeat(200_000);
        script((request, paid) -> Reply.of(404)
                .body(page)
                .header("Payment-Release", fixture.payee.releaseField(paid))
                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid)));
        Request request = fixture.request("/");
        ContentResponse answer = request.send();
        assertThat(answer.getStatus()).isEqualTo(404);
        assertThat(answer.getContentAsString()).isEqualTo(page);
        assertThat(fixture.outcome(request))
                .isInstanceOfSatisfying(
                        NotCharged.class,
                        outcome -> assertThat(outcome.evidence()).isEqualTo(PaymentOutcome.Evidence.SIGNED_RELEASE));
    }

    @Test
    @Requirement({"F-CL-72"})
    void send_headerTheApplicationDrops_isDropped() throws Exception {
        Request request = fixture.request("/")
                .onResponseHeader(
                        (Response response, org.eclipse.jetty.http.HttpField field) -> !field.is("Payment-Receipt"));
        assertThat(request.send().getHeaders().contains("Payment-Receipt")).isFalse();
        // What the application does not want to see, the payer has seen.
        assertThat(served(request).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
    }

    @Test
    @Requirement({"F-CL-71", "C17"})
    void send_credentialOfTheApplication_isNeitherReplacedNorPaidFor() throws Exception {
        restart(PayingClient.Builder::replaceAuthorization);
        fixture.server.script(request -> fixture.payee.demand(request, offer -> {}));
        for (String field : new String[] {"Authorization", "Payment-Authorization"}) {
            Request request = fixture.request("/").headers(headers -> headers.put(field, "Payment abc"));
            assertThat(request.send().getStatus()).isEqualTo(402);
            assertThat(declined(request)).isEqualTo(DeclineReason.AUTHORIZATION_IN_USE);
        }
        assertThat(fixture.server.received()).hasSize(2);
    }

    /** A listener like those that add a token to everything: registered after ours, and writing over what stands there. */
    @Test
    @Requirement({"F-CL-71", "S52"})
    void send_listenerWritesOverAuthorization_credentialIsWrittenLast() throws Exception {
        restart(PayingClient.Builder::replaceAuthorization);
        fixture.http
                .getRequestListeners()
                .addBeginListener(begun -> begun.headers(headers -> headers.put("Authorization", "Bearer everywhere")));
        Request request = fixture.request("/");
        assertThat(request.send().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.server.received()).hasSize(2);
        assertThat(fixture.server.received().get(0).header("Authorization")).contains("Bearer everywhere");
        assertThat(fixture.paid()).hasSize(1);
    }

    @Test
    @Requirement({"F-CL-20", "F-CL-32", "T11"})
    void send_manyAtOnce_neverAboveTheBudgetAndEachHearsOnce() throws Exception {
        fixture.close();
        fixture = new JettyFixture(temp.resolve("small"), "0.02usd", builder -> builder);
        AtomicInteger paid = new AtomicInteger();
        AtomicInteger unpaid = new AtomicInteger();
        CountDownLatch heard = new CountDownLatch(30);
        for (int i = 0; i < 30; i++) {
            fixture.request("/" + i).send(result -> {
                (result.getResponse().getStatus() == 200 ? paid : unpaid).incrementAndGet();
                heard.countDown();
            });
        }
        await(heard);
        assertThat(paid).hasValue(8);
        assertThat(unpaid).hasValue(22);
        assertThat(fixture.payee.payments()).isEqualTo(8);
        assertThat(fixture.server.received()).hasSize(38);
    }

    @Test
    @Requirement({"F-CL-72"})
    void send_readAsStream_paidOrNot() throws Exception {
        byte[] content = new byte[3_000_000];
        script((request, paid) -> fixture.payee.serve(paid).body(content));
        InputStreamResponseListener listener = new InputStreamResponseListener();
        fixture.request("/film").send(listener);
        assertThat(listener.get(60, TimeUnit.SECONDS).getStatus()).isEqualTo(200);
        assertThat(listener.getInputStream().readAllBytes()).hasSize(content.length);

        fixture.server.script(request -> fixture.payee.demand(request, offer -> offer.amount = 20_000));
        InputStreamResponseListener unpaid = new InputStreamResponseListener();
        fixture.request("/film").send(unpaid);
        assertThat(unpaid.get(60, TimeUnit.SECONDS).getStatus()).isEqualTo(402);
        assertThat(new String(unpaid.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("This page costs money.");
    }

    @Test
    @Requirement({"F-CL-70"})
    void send_onAConnectionOfTheApplication_pays() throws Exception {
        Request request = fixture.request("/");
        CompletableFuture<Result> done = new CompletableFuture<>();
        fixture.http
                .resolveDestination(request)
                .newConnection()
                .get(60, TimeUnit.SECONDS)
                .send(request, done::complete);
        assertThat(done.get(60, TimeUnit.SECONDS).getResponse().getStatus()).isEqualTo(200);
        served(request);
        assertThat(fixture.payee.payments()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CL-21"})
    void send_paidAnswerDoesNotCome_isAskedForAgainInTime() throws Exception {
        // Once it must pass, for the first attempt; ten times in a row, on a machine that stands still, ends the
        // patience.
        restart(builder -> builder.answerTimeout(Duration.ofSeconds(1)));
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        script((request, paid) -> {
            if (asked.incrementAndGet() == 1) {
                await(goOn);
            }
            return fixture.payee.serve(paid);
        });
        Request request = fixture.request("/");
        assertThat(request.send().getContentAsString()).isEqualTo(TestPayee.CONTENT);
        goOn.countDown();
        served(request);
        assertThat(fixture.payee.payments()).isEqualTo(1);
    }

    @Test
    @Requirement({"F-CL-70", "F-CL-50"})
    void outcome_askedForBeforeAndAfter_isTheSame() throws Exception {
        Request request = fixture.request("/");
        CompletableFuture<PaymentOutcome> before = fixture.payer.outcome(request);
        assertThat(before).isNotDone();
        request.send();
        assertThat(before.get(60, TimeUnit.SECONDS)).isEqualTo(fixture.outcome(request));
        Request lost = nobodyThere();
        CompletableFuture<PaymentOutcome> watched = fixture.payer.outcome(lost);
        assertThatThrownBy(lost::send).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> watched.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
