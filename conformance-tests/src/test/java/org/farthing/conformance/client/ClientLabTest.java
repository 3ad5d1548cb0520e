package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Trace;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientLabTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir
    private Path folder;

    /** Somebody who sends what a test says. */
    private interface Doing {
        void with(Errand errand, HttpClient http) throws IOException, InterruptedException;
    }

    private static Runner does(Doing what) {
        return new Runner() {
            @Override
            public boolean knows(String kind) {
                return kind.equals(Errand.GET);
            }

            @Override
            public Ran run(Errand errand) throws IOException, InterruptedException {
                what.with(errand, HttpClient.newHttpClient());
                return new Ran("somebody", 0, "", "");
            }
        };
    }

    private static ClientLab lab(Runner runner) throws IOException {
        return ClientLab.open(Method.WALLET, runner, CLOCK, Duration.ofSeconds(20), 0);
    }

    private static void send(HttpClient http, URI url, String... fields) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        if (fields.length > 0) {
            request.headers(fields);
        }
        var unused = http.send(request.build(), BodyHandlers.discarding());
    }

    @Test
    @Requirement("F-CO-33")
    void notPaid_commandThatNeverPays_isNotCheckedAndNotPassed() throws Exception {
        try (ClientLab lab = lab(does((errand, http) -> send(http, errand.url())))) {
            Visit visit =
                    lab.visit(new Trace(), "no id", Script.shop(lab.offer().afterwards("id", null)));

            assertThatExceptionOfType(NotApplicable.class)
                    .isThrownBy(() -> visit.notPaid("the challenge has no id"))
                    .withMessageContaining("does not pay a good offer either");
        }
    }

    @Test
    @Requirement("F-CO-33")
    void notPaid_commandThatDidNotPayOnce_isTriedAgainUntilItPays() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        // Each second run is a trial: the first one is unlucky, the second one pays.
        Runner runner = does((errand, http) -> {
            String[] fields =
                    runs.incrementAndGet() == 4 ? new String[] {"Authorization", "Payment abc"} : new String[0];
            send(http, errand.url(), fields);
        });
        try (ClientLab lab = lab(runner)) {
            Visit first = lab.visit(new Trace(), "no id", Script.shop(lab.offer()));
            assertThatExceptionOfType(NotApplicable.class).isThrownBy(() -> first.notPaid("the challenge has no id"));

            lab.visit(new Trace(), "no id", Script.shop(lab.offer())).notPaid("the challenge has no id");
            lab.visit(new Trace(), "no id", Script.shop(lab.offer())).notPaid("the challenge has no id");

            assertThat(runs).hasValue(5);
        }
    }

    @Test
    @Requirement("F-CO-33")
    void notPaid_commandThatNeverPays_isNotTriedForEver() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Runner runner = does((errand, http) -> {
            runs.incrementAndGet();
            send(http, errand.url());
        });
        try (ClientLab lab = lab(runner)) {
            for (int at = 0; at < 6; at++) {
                Visit visit = lab.visit(new Trace(), "no id", Script.shop(lab.offer()));
                assertThatExceptionOfType(NotApplicable.class).isThrownBy(() -> visit.notPaid("it has no id"));
            }

            assertThat(runs).hasValue(6 + 3);
        }
    }

    @Test
    @Requirement("F-CO-33")
    void notPaid_credentialOfAnyKind_isFailed() throws Exception {
        try (ClientLab lab = lab(does((errand, http) -> send(http, errand.url(), "X-Wallet", "Payment abc")))) {
            Visit visit = lab.visit(new Trace(), "no id", Script.shop(lab.offer()));

            assertThatExceptionOfType(NotAsExpected.class)
                    .isThrownBy(() -> visit.notPaid("the challenge has no id"))
                    .withMessageContaining("X-Wallet");
        }
    }

    @Test
    @Requirement("F-CO-31")
    void visit_requestForAnotherVisitsPage_isNotCounted() throws Exception {
        Runner runner = does((errand, http) -> {
            send(http, errand.url());
            send(http, errand.url().resolve("/visit-77/page"), "Authorization", "Payment abc");
        });
        try (ClientLab lab = lab(runner)) {
            Visit visit = lab.visit(new Trace(), "a good offer", Script.shop(lab.offer()));

            assertThat(visit.requests()).hasSize(1);
            assertThat(visit.credentials()).isEmpty();
        }
    }

    @Test
    @Requirement("F-CO-31")
    void visit_commandThatWasNotNamed_isNotApplicable() throws Exception {
        try (ClientLab lab = lab(does((errand, http) -> {}))) {
            assertThatExceptionOfType(NotApplicable.class)
                    .isThrownBy(() -> lab.visit(new Trace(), Plan.post("a body", Script.shop(lab.offer()), "x")))
                    .withMessageContaining("commands");
        }
    }

    @Test
    @Requirement("F-CO-32")
    void offer_untouched_verifiesAsAPayerVerifiesIt() throws Exception {
        try (ClientLab lab = lab(does((errand, http) -> send(http, errand.url())))) {
            Visit visit = lab.visit(new Trace(), "a good offer", Script.shop(lab.offer()));
            Issued issued = visit.issued().get(0);
            String keys =
                    lab.home().keyDocument(java.util.List.of(lab.home().key().publicKey()));

            ChallengeVerifier.verify(
                    Challenge.parse(issued.line()),
                    RequestTarget.ofUri("GET", URI.create(issued.url())),
                    KeyDirectory.parse(keys),
                    null,
                    NOW);
        }
    }

    @Test
    @Requirement("F-CO-37")
    void evidence_paidVisit_holdsNoCredentialReceiptOrSignature() throws Exception {
        Trace trace = new Trace();
        try (ClientLab lab = ClientLab.open(
                Method.WALLET, new PayingClientRunner(folder), InstantSource.system(), Duration.ofSeconds(20), 0)) {
            Visit visit = lab.visit(trace, "a good offer", Script.shop(lab.offer()));
            Presented credential = visit.paidWell();
            Reply answer = visit.seen().get(visit.seen().size() - 1).reply();
            String written = trace.exchanges().toString();

            assertThat(written)
                    .contains("what was paid for", "exit code 0", "WWW-Authenticate: Payment id=")
                    .doesNotContain(credential.token())
                    .doesNotContain(answer.values("Payment-Receipt"))
                    .doesNotContain(String.valueOf(credential.payload().get("jws")))
                    .doesNotContain(String.valueOf(credential.answered().parameter("jws")));
        }
    }

    @Test
    @Requirement("F-CO-34")
    void proof_orderChangedByOneLetter_doesNotVerify() throws Exception {
        try (ClientLab lab = ClientLab.open(
                Method.WALLET, new PayingClientRunner(folder), InstantSource.system(), Duration.ofSeconds(20), 0)) {
            Presented good = lab.visit(new Trace(), "a good offer", Script.shop(lab.offer()))
                    .paidWell();
            Map<String, Object> payload = new java.util.TreeMap<>();
            good.payload().forEach((name, value) -> payload.put(String.valueOf(name), value));
            payload.computeIfPresent("jws", (name, jws) -> flipped(String.valueOf(jws)));
            Map<String, Object> json = new java.util.TreeMap<>(good.readable());
            json.put("payload", payload);
            String token = org.farthing.protocol.internal.Base64Url.encodeUtf8(
                    org.farthing.protocol.internal.CanonicalJson.write(json));
            Presented bad = new Presented(good.request(), good.field(), token, json, null, good.issued());

            assertThat(Proof.fault(good, lab.home())).isEmpty();
            assertThat(Proof.fault(bad, lab.home())).get().asString().contains("does not verify");
        }
    }

    private static String flipped(String jws) {
        int at = jws.length() - 20;
        char other = jws.charAt(at) == 'A' ? 'B' : 'A';
        return jws.substring(0, at) + other + jws.substring(at + 1);
    }

    @Test
    @Requirement({"F-CO-118", "F-CO-121"})
    void tokenCases_commandThatOnlyFetches_areNotCheckedAndNotPassed() throws IOException {
        try (ClientLab lab =
                lab(does((errand, http) -> send(http, errand.url()))).withTokenKeys(TestTokens::keys)) {
            assertThat(tokenCases(lab))
                    .isNotEmpty()
                    .allSatisfy(result -> assertThat(result.verdict())
                            .isInstanceOfSatisfying(
                                    Verdict.Skipped.class,
                                    why -> assertThat(why.why()).contains("names no command")));
        }
    }

    @Test
    @Requirement({"F-CO-118", "F-CO-121"})
    void tokenCases_commandThatBuysAndShowsNothing_passesNone() throws IOException {
        PayingClientRunner ours = new PayingClientRunner(folder);
        Runner shy = new Runner() {
            @Override
            public boolean knows(String kind) {
                return true;
            }

            @Override
            public Ran run(Errand errand) throws IOException, InterruptedException {
                return errand.kind().equals(Errand.TOKENS) ? new Ran("shy", 0, "", "") : ours.run(errand);
            }
        };
        try (ClientLab lab = ClientLab.open(Method.WALLET, shy, InstantSource.system(), Duration.ofSeconds(20), 0)
                .withTokenKeys(TestTokens::keys)) {
            assertThat(tokenCases(lab))
                    .isNotEmpty()
                    .filteredOn(result -> !result.info().id().equals("F-TK-123-bad-signatures"))
                    .noneSatisfy(result -> assertThat(result.verdict()).isInstanceOf(Verdict.Passed.class));
        }
    }

    private static List<CaseResult> tokenCases(ClientLab lab) {
        return ClientSuite.all()
                .only(info -> info.profile() == Profile.TOKEN)
                .run(lab, Watcher.NONE, Stopwatch.system());
    }

    @Test
    @Requirement("F-CO-46")
    void plain_noHostNamed_isNotOpened() throws IOException {
        try (ClientLab lab = lab(does((errand, http) -> {}))) {
            assertThatExceptionOfType(NotApplicable.class)
                    .isThrownBy(lab::plain)
                    .withMessageContaining("--plain-host");
        }
    }
}
