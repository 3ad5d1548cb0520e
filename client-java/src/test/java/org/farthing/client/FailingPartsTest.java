package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Authenticator;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.JournalEntry.State;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.method.WalletOrders;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever fails inside the client: the caller has the server's answer, and knows what became of the money. */
@Timeout(60)
class FailingPartsTest {

    @TempDir
    Path temp;

    private static DeclineReason declined(PaidResponse<String> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(answer.response().orElseThrow().body()).contains("PAYMENT_REQUIRED");
        return ((Declined) answer.outcome()).why();
    }

    @Test
    @Requirement({"F-CL-50", "F-KY-60"})
    void send_pinsDamagedMeanwhile_is402AndDeclined() throws Exception {
        try (Fixture fixture = new Fixture(temp)) {
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            Path pins = temp.resolve("purse/pins.json");
            Files.writeString(pins, Files.readString(pins).substring(1));
            PaidResponse<String> answer = fixture.get("/");
            assertThat(declined(answer)).isEqualTo(DeclineReason.TRUST_UNUSABLE);
            assertThat(((Declined) answer.outcome()).words()).contains("pins.json is damaged");
            assertThat(fixture.payee.payments()).isOne();
        }
    }

    /** A method of somebody else's that fails in every way it can. */
    private record Broken(String method, boolean takesFails) implements PaymentMethod {
        @Override
        public String intent() {
            return "charge";
        }

        @Override
        public boolean speaks(String asked, String intent) {
            if (method.equals("speechless")) {
                throw new IllegalStateException("secret words");
            }
            return PaymentMethod.super.speaks(asked, intent);
        }

        @Override
        public boolean takes(Challenge challenge) {
            if (takesFails) {
                throw new IllegalStateException("secret words");
            }
            return true;
        }

        @Override
        public Price read(Challenge challenge) throws MalformedException, UnpayableException {
            throw new IllegalStateException("secret words");
        }

        @Override
        public Credential credential(Challenge challenge, Price price, Origin origin) {
            throw new IllegalStateException("secret words");
        }
    }

    private Fixture broken(String name, List<PaymentMethod> others) throws Exception {
        return new Fixture(temp.resolve(name), policy -> policy, builder -> builder.methods(others));
    }

    @Test
    @Requirement({"F-CL-50", "C10"})
    void send_methodThatThrows_isPassedOver() throws Exception {
        try (Fixture whole = new Fixture(temp.resolve("one"))) {
            PaymentMethod orders = new WalletOrders(whole.purse);
            try (Fixture fixture = broken(
                    "one",
                    List.of(
                            new Broken("speechless", false),
                            new Broken("wallet", true),
                            new Broken("tempo", false),
                            orders))) {
                fixture.server.script(fixture.payee.script(
                        fixture.payer(),
                        request -> bothWays(fixture, request),
                        (request, paid) -> fixture.payee.serve(paid)));
                assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            }
        }
    }

    private static Reply bothWays(Fixture fixture, Received request) {
        Offer tempo = fixture.payee.offer(request);
        tempo.method = "tempo";
        return Reply.of(402)
                .header("WWW-Authenticate", fixture.payee.signed(tempo).format())
                .header(
                        "WWW-Authenticate",
                        fixture.payee.signed(fixture.payee.offer(request)).format());
    }

    @Test
    @Requirement({"F-CL-50", "F-CL-55"})
    void send_onlyMethodThrows_is402WithoutItsWords() throws Exception {
        try (Fixture fixture = broken("two", List.of(new Broken("wallet", false)))) {
            PaidResponse<String> answer = fixture.get("/");
            assertThat(declined(answer)).isEqualTo(DeclineReason.METHOD_UNSUPPORTED);
            assertThat(answer.outcome().toString())
                    .contains("IllegalStateException")
                    .doesNotContain("secret");
        }
    }

    /** Runs so many tasks, and refuses the others. */
    private static Executor refusesAfter(int tasks) {
        AtomicInteger ran = new AtomicInteger();
        return task -> {
            if (ran.incrementAndGet() > tasks) {
                throw new RejectedExecutionException("shut down");
            }
            task.run();
        };
    }

    @Test
    @Requirement({"F-CL-50", "F-OU-10"})
    void send_executorThatRefuses_hidesNeitherThe402NorThePayment() throws Exception {
        for (int tasks = 0; tasks < 4; tasks++) {
            int allowed = tasks;
            try (Fixture fixture = new Fixture(
                    temp.resolve("refuses" + tasks),
                    policy -> policy,
                    builder -> builder.executor(refusesAfter(allowed)))) {
                PaidResponse<String> answer = fixture.get("/");
                switch (tasks) {
                    // The check of pins, or counting, did not run.
                    case 0, 1 -> assertThat(declined(answer)).isEqualTo(DeclineReason.PAYER_FAILED);
                    // The first attempt was not written down, so not made.
                    case 2 -> assertThat(declined(answer)).isEqualTo(DeclineReason.JOURNAL_UNUSABLE);
                    default -> {
                        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
                        assertThat(answer.response()).isPresent();
                        assertThat(fixture.onlyPayment().state()).isEqualTo(State.SENT);
                    }
                }
                assertThat(fixture.payee.payments()).isEqualTo(tasks == 3 ? 1 : 0);
            }
        }
    }

    private Fixture authenticating(String name) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().authenticator(new Authenticator() {}).build();
        return new Fixture(
                temp.resolve(name),
                policy -> policy,
                builder -> builder.httpClient(http).replaceAuthorization());
    }

    @Test
    @Requirement({"C17", "F-CL-23"})
    void send_clientWithAuthenticator_isDeclinedBeforeMoney() throws Exception {
        try (Fixture fixture = authenticating("own")) {
            assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.AUTHORIZATION_IN_USE);
            assertThat(fixture.client.journal().entries()).isEmpty();
        }
    }

    @Test
    @Requirement({"C21", "F-CL-23"})
    void send_clientWithAuthenticatorAndOwnField_isPaid() throws Exception {
        try (Fixture fixture = authenticating("field")) {
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> offer.header = "Payment-Authorization"),
                    (request, paid) -> fixture.payee.serve(paid)));
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
        }
    }

    @Test
    @Requirement({"F-CL-60", "F-CL-23"})
    void send_clientWithAuthenticatorThroughService_isKnownToTheService() throws Exception {
        HttpClient http =
                HttpClient.newBuilder().authenticator(new Authenticator() {}).build();
        try (ServiceFixture services =
                new ServiceFixture(temp.resolve("service"), policy -> policy, builder -> builder.httpClient(http))) {
            Fixture fixture = services.fixture;
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> {
                        services.throughService(offer);
                        offer.header = "Payment-Authorization";
                    }),
                    (request, paid) -> fixture.payee.serve(paid)));
            PaidResponse<String> answer =
                    fixture.send(HttpRequest.newBuilder(fixture.uri("/")).build());
            assertThat(answer.outcome()).isInstanceOf(Served.class);
            assertThat(answer.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
        }
    }
}
