package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Evidence;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that tries every trick: each ends in its typed outcome, and what it could take is never above the budget. */
class HostileServerTest {

    /** Per period, in millionths of a dollar: what the fixture's policy allows. */
    private static final long BUDGET = 20_000;

    @TempDir
    Path temp;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(fixture.payee.takable()).isLessThanOrEqualTo(BUDGET);
        assertThat(fixture.spent()).isLessThanOrEqualTo(BUDGET);
        fixture.close();
    }

    private static Declined declined(PaidResponse<?> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        return (Declined) answer.outcome();
    }

    /** Offers with one thing wrong, and who believes it pays. */
    private void asks(Consumer<Offer> change) {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, change),
                (request, paid) -> fixture.payee.serve(paid)));
    }

    private void answersPaymentsWith(TestPayee.Paid paid) {
        fixture.server.script(
                fixture.payee.script(fixture.payer(), request -> fixture.payee.demand(request, offer -> {}), paid));
    }

    private Reply again(
            Received request, Problem problem, ChargeOutcome.State state, Credential paid, Consumer<Offer> change) {
        Offer offer = fixture.payee.offer(request);
        change.accept(offer);
        return Reply.problem(problem)
                .header("Payment-Outcome", TestPayee.outcome(state, paid))
                .header("WWW-Authenticate", fixture.payee.signed(offer).format());
    }

    private record Lie(String name, DeclineReason why, Consumer<Offer> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Lie> lies() {
        return List.of(
                new Lie("expired", DeclineReason.EXPIRED, offer -> offer.expires = "2026-11-22T09:00:30Z"),
                new Lie("without end", DeclineReason.EXPIRED, offer -> offer.expires = null),
                new Lie("for ever", DeclineReason.TOO_LONG_LIVED, offer -> offer.expires = "2026-11-22T09:11:01Z"),
                new Lie("too dear", DeclineReason.PER_REQUEST_LIMIT, offer -> offer.amount = 10_001),
                new Lie("other spelling", DeclineReason.PER_REQUEST_LIMIT, offer -> {
                    offer.amount = 1_000_001;
                    offer.currency = "usd.e8";
                }),
                new Lie("other currency", DeclineReason.CURRENCY_NOT_ALLOWED, offer -> offer.currency = "eur.e6"),
                new Lie(
                        "other recipient",
                        DeclineReason.WRONG_RECIPIENT,
                        offer -> offer.recipient = "https://mallory.example"),
                new Lie("no recipient", DeclineReason.MALFORMED_CHALLENGE, offer -> offer.recipient = null),
                new Lie("other realm", DeclineReason.WRONG_REALM, offer -> offer.realm = "bank.example"),
                new Lie(
                        "other page",
                        DeclineReason.WRONG_BINDING,
                        offer -> offer.opaque = Opaque.exact(
                                        "AAECAwQFBgcICQoLDA0ODw", "sWZEZs6KtqZhsbt2LKabkU92KIUsBN7R6XFABG0XLlM")
                                .format()),
                new Lie("no binding", DeclineReason.WRONG_BINDING, offer -> offer.opaque = null),
                new Lie(
                        "other origin in route mode",
                        DeclineReason.WRONG_BINDING,
                        offer -> offer.opaque = Opaque.route("AAECAwQFBgcICQoLDA0ODw", "page", "https://bank.example")
                                .format()),
                new Lie(
                        "other body",
                        DeclineReason.DIGEST_MISMATCH,
                        offer -> offer.digest = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
                new Lie("other capture", DeclineReason.MALFORMED_CHALLENGE, offer -> offer.capture = "always"),
                new Lie("other method", DeclineReason.METHOD_UNSUPPORTED, offer -> offer.method = "tempo"),
                new Lie("other intent", DeclineReason.METHOD_UNSUPPORTED, offer -> offer.intent = "session"),
                new Lie(
                        "number for amount",
                        DeclineReason.MALFORMED_CHALLENGE,
                        offer -> offer.request = Base64Url.encodeUtf8(
                                "{\"amount\":2500,\"currency\":\"usd.e6\",\"methodDetails\":{\"capture\":\"exact\"},\"recipient\":\"x\"}")),
                new Lie(
                        "leading zero",
                        DeclineReason.MALFORMED_CHALLENGE,
                        offer -> offer.request = Base64Url.encodeUtf8(
                                "{\"amount\":\"02500\",\"currency\":\"usd.e6\",\"methodDetails\":{\"capture\":\"exact\"}}")),
                new Lie(
                        "not canonical",
                        DeclineReason.MALFORMED_CHALLENGE,
                        offer -> offer.request = Base64Url.encodeUtf8("{\"currency\":\"usd.e6\",\"amount\":\"1\"}")));
    }

    @ParameterizedTest
    @MethodSource("lies")
    @Requirement({
        "C4", "C14", "T9", "T15", "T16", "T25", "T28", "T78", "F-CL-5", "F-CL-7", "F-CL-8", "F-SG-33", "F-SG-34", "C10",
        "C11", "F-CL-4", "F-CL-6"
    })
    void send_signedChallengeWithOneLie_isDeclinedForIt(Lie lie) throws Exception {
        asks(lie.change);
        PaidResponse<String> answer = fixture.get("/");
        assertThat(declined(answer).why()).isEqualTo(lie.why);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(fixture.payee.takable()).isZero();
        assertThat(fixture.client.journal().entries()).isEmpty();
    }

    @Test
    @Requirement({"T10", "C5", "F-CL-11"})
    void send_descriptionLies_amountDecides() throws Exception {
        asks(offer -> {
            offer.amount = 10_001;
            offer.description = "Only 0.000001 USD!";
        });
        assertThat(declined(fixture.get("/")).why()).isEqualTo(DeclineReason.PER_REQUEST_LIMIT);
    }

    @Test
    @Requirement({"T74", "F-SG-36"})
    void send_signatureStripped_isDeclined() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> TestPayee.demand(unsigned(fixture.payee.signed(fixture.payee.offer(request)))),
                (request, paid) -> fixture.payee.serve(paid)));
        assertThat(declined(fixture.get("/")).why()).isEqualTo(DeclineReason.UNSIGNED);
    }

    private static Challenge unsigned(Challenge challenge) {
        return new Challenge(challenge.id(), challenge.terms(), challenge.description(), null);
    }

    @Test
    @Requirement({"T74", "F-SG-36", "F-KY-62", "F-CL-35"})
    void send_signatureStrippedWhereUnsignedIsAllowed_isDeclinedOnceItSigned() throws Exception {
        try (Fixture lenient = lenient()) {
            // It neither signs nor says that it always does, until it does.
            lenient.server.script(lenient.payee.script(
                    lenient.payer(),
                    request -> TestPayee.demand(
                            request.target().equals("/signed")
                                    ? lenient.payee.signed(lenient.payee.offer(request))
                                    : unsigned(lenient.payee.signed(lenient.payee.offer(request)))),
                    (request, paid) -> lenient.payee.serve(paid)));
            silentAboutSigning(lenient);
            assertThat(lenient.get("/unsigned").outcome()).isInstanceOf(Served.class);
            assertThat(lenient.get("/signed").outcome()).isInstanceOf(Served.class);
            assertThat(declined(lenient.get("/unsigned")).why()).isEqualTo(DeclineReason.UNSIGNED);
            assertThat(lenient.payee.payments()).isEqualTo(2);
        }
    }

    private Fixture lenient() throws Exception {
        return new Fixture(temp.resolve("lenient"), policy -> policy, builder -> builder, true);
    }

    private static void silentAboutSigning(Fixture lenient) {
        var said = lenient.payee.directory();
        lenient.payee.publish(new org.farthing.protocol.signature.KeyDirectory(
                said.keys(), said.payee(), said.origins(), said.realms(), false, said.providers()));
    }

    @Test
    @Requirement({"T74", "F-SG-36"})
    void send_unsignedAllowedButDocumentSaysAlways_isDeclined() throws Exception {
        try (Fixture lenient = lenient()) {
            lenient.server.script(lenient.payee.script(
                    lenient.payer(),
                    request -> TestPayee.demand(unsigned(lenient.payee.signed(lenient.payee.offer(request)))),
                    (request, paid) -> lenient.payee.serve(paid)));
            assertThat(declined(lenient.get("/")).why()).isEqualTo(DeclineReason.UNSIGNED);
        }
    }

    @Test
    @Requirement({"F-CL-7", "F-CL-35", "F-BI-41", "C3"})
    void send_bodyNotBound_signedDeclinedUnsignedPaid() throws Exception {
        for (boolean signs : new boolean[] {true, false}) {
            try (Fixture lenient =
                    new Fixture(temp.resolve("unbound-" + signs), policy -> policy, builder -> builder, true)) {
                silentAboutSigning(lenient);
                lenient.server.script(lenient.payee.script(
                        lenient.payer(),
                        request -> {
                            Offer offer = lenient.payee.offer(request);
                            offer.digest = null;
                            Challenge signed = lenient.payee.signed(offer);
                            return TestPayee.demand(signs ? signed : unsigned(signed));
                        },
                        (request, paid) -> lenient.payee.serve(paid)));
                PaidResponse<String> answer = lenient.send(HttpRequest.newBuilder(lenient.uri("/"))
                        .POST(HttpRequest.BodyPublishers.ofString("words"))
                        .build());
                if (signs) {
                    assertThat(declined(answer).why()).isEqualTo(DeclineReason.DIGEST_MISMATCH);
                } else {
                    assertThat(answer.outcome()).isInstanceOf(Served.class);
                }
                assertThat(lenient.payee.payments()).isEqualTo(signs ? 0 : 1);
            }
        }
    }

    @Test
    @Requirement({"F-SG-36", "F-RQ-4"})
    void send_unsignedZeroAmount_isDeclined() throws Exception {
        try (Fixture lenient = lenient()) {
            silentAboutSigning(lenient);
            lenient.server.script(lenient.payee.script(
                    lenient.payer(),
                    request -> {
                        Offer offer = lenient.payee.offer(request);
                        offer.amount = 0;
                        return TestPayee.demand(unsigned(lenient.payee.signed(offer)));
                    },
                    (request, paid) -> lenient.payee.serve(paid)));
            assertThat(declined(lenient.get("/")).why()).isEqualTo(DeclineReason.UNSIGNED);
        }
    }

    @Test
    @Requirement({"T17", "T22", "F-SG-31"})
    void send_signedByAKeyThatIsNotListed_isDeclined() throws Exception {
        TestPayee mallory = new TestPayee(fixture.server.origin(), fixture.clock);
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> TestPayee.demand(mallory.signed(mallory.offer(request))),
                (request, paid) -> fixture.payee.serve(paid)));
        assertThat(declined(fixture.get("/")).why()).isEqualTo(DeclineReason.SIGNATURE_REJECTED);
        assertThat(fixture.server.keyRequests())
                .as("asked again at most once, not yet")
                .hasSize(1);
    }

    @Test
    @Requirement({"T15", "F-KY-10"})
    void send_anotherPayeesChallengeRelayed_isDeclined() throws Exception {
        try (ScriptedServer shop = ScriptedServer.start()) {
            TestPayee victim = new TestPayee(shop.origin(), fixture.clock);
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> TestPayee.demand(victim.signed(victim.offer(request))),
                    (request, paid) -> fixture.payee.serve(paid)));
            assertThat(declined(fixture.get("/")).why()).isEqualTo(DeclineReason.WRONG_RECIPIENT);
            assertThat(shop.received()).isEmpty();
            assertThat(shop.keyRequests())
                    .as("nothing a message names is fetched")
                    .isEmpty();
        }
    }

    @Test
    @Requirement({"T14", "F-CL-22", "F-CL-3"})
    void send_redirectToAnotherOrigin_isNotFollowedAndNotPaid() throws Exception {
        try (ScriptedServer other = ScriptedServer.start()) {
            fixture.server.script(
                    request -> Reply.of(302).header("Location", other.origin().text() + "/pay"));
            PaidResponse<String> answer = fixture.get("/");
            assertThat(declined(answer).why()).isEqualTo(DeclineReason.CROSS_ORIGIN_REDIRECT);
            assertThat(declined(answer).words()).contains("Refusing to send payment credential across redirect");
            assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(302);
            assertThat(other.received()).isEmpty();
        }
    }

    @Test
    @Requirement({"T14", "F-CL-22"})
    void send_redirectOfTheCredential_isNotFollowed() throws Exception {
        try (ScriptedServer other = ScriptedServer.start()) {
            answersPaymentsWith((request, paid) -> Reply.of(307)
                    .header(
                            "Location",
                            request.target().equals("/far") ? other.origin().text() : "/elsewhere"));
            for (String target : List.of("/far", "/near")) {
                PaidResponse<String> answer = fixture.get(target);
                assertThat(answer.outcome()).isInstanceOf(Unknown.class);
                assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(307);
            }
            assertThat(other.received()).isEmpty();
            assertThat(fixture.server.received()).extracting(Received::target).doesNotContain("/elsewhere");
        }
    }

    @Test
    @Requirement({"T9", "T11", "F-CL-20"})
    void send_priceRaisedOnTheSecond402_isNotPaid() throws Exception {
        answersPaymentsWith((request, paid) -> fixture.payee.demand(request, offer -> offer.amount = 9_000));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        assertThat(fixture.payee.payments()).isOne();
    }

    private record Worse(String name, Consumer<Offer> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Worse> worseTerms() {
        return List.of(
                new Worse("price", offer -> offer.amount = 2501),
                new Worse("currency", offer -> offer.currency = "usd.e7"),
                new Worse("capture", offer -> offer.capture = "upto"));
    }

    @ParameterizedTest
    @MethodSource("worseTerms")
    @Requirement({"T9", "T11", "F-CL-20", "F-OU-11"})
    void send_worseTermsAfterASignedRelease_areNotPaid(Worse worse) throws Exception {
        answersPaymentsWith((request, paid) ->
                again(request, fixture.payee.released(paid, "no"), ChargeOutcome.State.RELEASED, paid, worse.change));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(answer.outcome()).isInstanceOfSatisfying(NotCharged.class, outcome -> {
            assertThat(outcome.evidence()).isEqualTo(Evidence.SIGNED_RELEASE);
            assertThat(outcome.notRepeated())
                    .isNotNull()
                    .extracting(Declined::why)
                    .isEqualTo(DeclineReason.TERMS_CHANGED);
        });
        assertThat(fixture.payee.payments()).isOne();
    }

    @Test
    @Requirement({"F-CL-20", "F-OU-11"})
    void send_lowerPriceAfterASignedRelease_isPaid() throws Exception {
        AtomicInteger times = new AtomicInteger();
        answersPaymentsWith((request, paid) -> times.incrementAndGet() == 1
                ? again(
                        request,
                        fixture.payee.released(paid, "no"),
                        ChargeOutcome.State.RELEASED,
                        paid,
                        offer -> offer.amount = 2000)
                : fixture.payee.serve(paid));
        assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.spent()).isEqualTo(2000);
    }

    @Test
    @Requirement({"T11", "T12", "F-CL-20"})
    void send_402ForEver_paysOnceAMinuteOfRequests() throws Exception {
        answersPaymentsWith((request, paid) -> fixture.payee.demand(request, offer -> {}));
        for (int i = 0; i < 20; i++) {
            PaidResponse<String> answer = fixture.get("/" + i);
            assertThat(answer.outcome()).isInstanceOfAny(Unknown.class, Declined.class);
        }
        assertThat(fixture.payee.payments()).isEqualTo(8);
        assertThat(fixture.payee.takable()).isEqualTo(BUDGET);
    }

    @Test
    @Requirement({"T73", "F-OU-13"})
    void send_releasedForEverUnsigned_givesNothingBack() throws Exception {
        answersPaymentsWith((request, paid) -> again(
                request,
                Problem.of(ProblemType.PAYMENT_RELEASED, "Nothing was charged.").with("executed", "no"),
                ChargeOutcome.State.RELEASED,
                paid,
                offer -> {}));
        for (int i = 0; i < 20; i++) {
            PaidResponse<String> answer = fixture.get("/" + i);
            assertThat(answer.outcome()).isInstanceOfAny(NotCharged.class, Declined.class);
        }
        assertThat(fixture.payee.takable()).isEqualTo(BUDGET);
        assertThat(fixture.spent()).isEqualTo(BUDGET);
    }

    @Test
    @Requirement({"F-OU-24", "F-OU-23"})
    void send_applicationsErrorWithSignedRelease_isEvidenceUnlessForgedOrDoubled() throws Exception {
        TestPayee mallory = new TestPayee(fixture.server.origin(), fixture.clock);
        answersPaymentsWith((request, paid) -> {
            String signed = fixture.payee.releaseField(paid);
            Reply missing =
                    Reply.of(404).header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid));
            return switch (request.target()) {
                case "/signed" -> missing.header("Payment-Release", signed);
                case "/twice" -> missing.header("Payment-Release", signed).header("Payment-Release", signed);
                case "/forged" -> missing.header("Payment-Release", mallory.releaseField(paid));
                default -> missing.header("Payment-Release", "%");
            };
        });

        assertThat(evidence("/signed")).isEqualTo(Evidence.SIGNED_RELEASE);
        assertThat(evidence("/twice")).isEqualTo(Evidence.CLAIM);
        assertThat(evidence("/forged")).isEqualTo(Evidence.CLAIM);
        assertThat(evidence("/unreadable")).isEqualTo(Evidence.CLAIM);
    }

    private Evidence evidence(String path) throws Exception {
        return ((NotCharged) fixture.get(path).outcome()).evidence();
    }

    @Test
    @Requirement({"T73", "F-OU-13"})
    void send_releasedForEverSigned_neverMoreThanTheSwitchAllows() throws Exception {
        for (boolean giveBack : new boolean[] {false, true}) {
            try (Fixture other = new Fixture(
                    temp.resolve("give-back-" + giveBack),
                    policy -> policy.releasesGiveBack(giveBack),
                    builder -> builder)) {
                other.server.script(other.payee.script(
                        other.payer(),
                        request -> other.payee.demand(request, offer -> {}),
                        (request, paid) -> Reply.problem(other.payee.released(paid, "no"))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid))
                                .header(
                                        "WWW-Authenticate",
                                        other.payee
                                                .signed(other.payee.offer(request))
                                                .format())));
                for (int i = 0; i < 20; i++) {
                    assertThat(other.get("/" + i).outcome()).isInstanceOfAny(NotCharged.class, Declined.class);
                }
                assertThat(other.payee.takable()).isEqualTo(giveBack ? 2 * BUDGET : BUDGET);
            }
        }
    }

    @Test
    @Requirement({"F-OU-23", "T73"})
    void send_releaseStatementForgedOrForeign_isOnlyAClaim() throws Exception {
        TestPayee mallory = new TestPayee(fixture.server.origin(), fixture.clock);
        AtomicInteger times = new AtomicInteger();
        answersPaymentsWith((request, paid) -> {
            Credential other =
                    Credential.of(fixture.payee.signed(fixture.payee.offer(request)), null, java.util.Map.of());
            Problem problem = switch (times.incrementAndGet()) {
                case 1 -> mallory.released(paid, "no");
                case 2 -> fixture.payee.released(other, "no");
                default ->
                    Problem.of(ProblemType.PAYMENT_RELEASED, "No.").with("release", java.util.Map.of("jws", "x"));
            };
            return again(request, problem, ChargeOutcome.State.RELEASED, paid, offer -> {});
        });
        for (int i = 1; i <= 3; i++) {
            assertThat(fixture.get("/" + i).outcome())
                    .isInstanceOfSatisfying(
                            NotCharged.class,
                            outcome -> assertThat(outcome.evidence()).isEqualTo(Evidence.CLAIM));
        }
        assertThat(fixture.spent()).isEqualTo(3 * 2500);
    }

    @Test
    @Requirement({"F-OU-3", "T73"})
    void send_outcomeOfAnotherPaymentOrTwice_isNotBelieved() throws Exception {
        AtomicInteger times = new AtomicInteger();
        answersPaymentsWith((request, paid) -> {
            String released = TestPayee.outcome(ChargeOutcome.State.RELEASED, paid);
            return times.incrementAndGet() == 1
                    ? Reply.of(402).header("Payment-Outcome", "released;id=\"another\"")
                    : Reply.of(402).header("Payment-Outcome", released).header("Payment-Outcome", released);
        });
        assertThat(fixture.get("/1").outcome()).isInstanceOf(Unknown.class);
        assertThat(fixture.get("/2").outcome()).isInstanceOf(Unknown.class);
    }

    @Test
    @Requirement({"T23", "C1", "C19"})
    void send_oversizedOrMalformedChallenges_areDeclined() throws Exception {
        List<String> fields = List.of(
                "Payment",
                "Payment id=\"\"",
                "Payment id=\"x\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"" + "A".repeat(17_000)
                        + "\"",
                "Payment id=\"x\", id=\"y\"",
                "Payment id=\"x\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\", expires=\"soon\"",
                "Payment " + "a,".repeat(5_000));
        for (String field : fields) {
            fixture.server.script(request -> Reply.of(402).header("WWW-Authenticate", field));
            assertThat(declined(fixture.get("/")).why())
                    .as(field.substring(0, Math.min(60, field.length())))
                    .isIn(DeclineReason.MALFORMED_CHALLENGE, DeclineReason.NO_CHALLENGE);
        }
    }

    @Test
    @Requirement({"T23", "F-CL-50", "C15"})
    void send_402WithEndlessBody_isCutOff() throws Exception {
        fixture.server.script(request -> Reply.of(402).body("x".repeat(1 << 20)));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(declined(answer).why()).isEqualTo(DeclineReason.NO_CHALLENGE);
        assertThat(answer.response().orElseThrow().body()).hasSize(64 * 1024);
    }

    @Test
    @Requirement("C12")
    void send_largeChallenge_isPaid() throws Exception {
        asks(offer -> offer.description = "d".repeat(4096));
        assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
    }

    @Test
    @Requirement({"T13", "C13", "F-BI-34"})
    void send_plainHttpOutsideTheProfile_isDeclined() throws Exception {
        try (Fixture strict = new Fixture(temp.resolve("strict"), policy -> policy, builder -> builder, false, false)) {
            assertThat(declined(strict.get("/")).why()).isEqualTo(DeclineReason.NOT_SECURE);
            assertThat(strict.server.keyRequests()).isEmpty();
        }
        HttpRequest byName = HttpRequest.newBuilder(
                        java.net.URI.create(fixture.server.origin().text().replace("127.0.0.1", "localhost")))
                .build();
        assertThat(declined(fixture.send(byName)).why())
                .as("a name is no loopback literal")
                .isEqualTo(DeclineReason.NOT_SECURE);
    }

    @Test
    @Requirement({"T11", "C16"})
    void send_originNotOnTheList_isDeclined() throws Exception {
        try (Fixture other = new Fixture(temp.resolve("listed"))) {
            PaidResponse<String> answer =
                    other.send(HttpRequest.newBuilder(fixture.uri("/")).build());
            assertThat(declined(answer).why()).isEqualTo(DeclineReason.ORIGIN_NOT_ALLOWED);
        }
    }

    @Test
    @Requirement({"F-KY-61", "T37"})
    void send_keysReplacedAltogether_isDeclinedUntilTheOwnerTrusts() throws Exception {
        assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
        TestPayee stranger = new TestPayee(fixture.server.origin(), fixture.clock);
        fixture.server.script(stranger.honest(fixture.payer()));
        fixture.clock.advance(Duration.ofMinutes(6));
        assertThat(declined(fixture.get("/")).why()).isEqualTo(DeclineReason.TRUST_CHANGED);
        assertThat(stranger.payments()).isZero();
    }

    @Test
    @Requirement({"F-OU-12", "T11"})
    void send_pendingForEver_endsWithPatience() throws Exception {
        answersPaymentsWith((request, paid) -> Reply.of(503)
                .header("Retry-After", "0")
                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.PENDING, paid)));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(answer.outcome()).isInstanceOf(Unknown.class);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(503);
        assertThat(fixture.payee.payments()).isOne();
        assertThat(fixture.timer.waited()).hasSizeLessThanOrEqualTo(240);
    }
}
