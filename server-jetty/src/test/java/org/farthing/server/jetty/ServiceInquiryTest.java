package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.TestService.ORIGIN;
import static org.farthing.server.jetty.TestService.assertProblem;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.ReleaseNotice;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a payer asks about its payments, and how the payee's release statement frees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceInquiryTest {

    private TestService service;
    private WalletClient alice;
    private WalletClient bob;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        service = new TestService(temp);
    }

    @BeforeEach
    void meetOthers() throws Exception {
        alice = service.payer(5000);
        bob = service.payer(5000);
    }

    @AfterAll
    void stop() {
        assertThat(service.ledger().check().toCompletableFuture().join().findings())
                .isEmpty();
        service.close();
    }

    // ---- what became of it

    @Test
    @Requirement({"F-WS-5", "F-WS-31"})
    void state_ofAPayment_followsIt() throws Exception {
        Challenge offer = service.offer();
        PaymentReply paid = service.paid(alice, offer);
        assertThat(service.payment(alice, offer)).isEqualTo(paid.payment());

        service.collect(TestService.capture(paid, 400));
        ServicePayment captured = service.payment(alice, offer);
        assertThat(captured.state()).isEqualTo(ServicePayment.State.CAPTURED);
        assertThat(captured.captured().format()).isEqualTo("400");
        assertThat(captured.wallet()).isEqualTo(alice.id());

        Challenge second = service.offer();
        service.paid(alice, second);
        service.clock.advance(Duration.ofMinutes(65));
        assertThat(service.payment(alice, second).state()).isEqualTo(ServicePayment.State.EXPIRED);
        HttpTester.Response answer = service.look(alice, second);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.getContent())
                .doesNotContainPattern(TestService.ENCODED_JSON)
                .doesNotContain("receipt");
    }

    @Test
    @Requirement({"F-WS-31", "F-WR-7", "T53"})
    void state_forAnybodyElse_isNothing() throws Exception {
        Challenge offer = service.offer();
        service.paid(alice, offer);

        Problem others = assertProblem(service.look(bob, offer), 404, ProblemType.NOT_FOUND);
        Problem nobodys = assertProblem(service.look(bob, service.offer()), 404, ProblemType.NOT_FOUND);
        assertThat(others.detail()).isEqualTo(nobodys.detail());
        String path = "/v1/payments/" + offer.id();
        assertProblem(service.shop.send(service.server(), ORIGIN, "GET", path, ""), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(service.admin("GET", path, ""), 401, ProblemType.UNAUTHENTICATED);
        assertProblem(
                service.server().to("GET " + path + " HTTP/1.1\nHost: api.example.com"),
                401,
                ProblemType.UNAUTHENTICATED);
    }

    @Test
    @Requirement({"F-WS-31"})
    void state_idOfTwoPayees_wantsToKnowWhich() throws Exception {
        try (Shop other = new Shop(service.clock)) {
            service.register(other.origin(), "prompt", "ACTIVE");
            Challenge here = service.offer();
            Challenge there = other.offer(ORIGIN).id(here.id()).amount(7).challenge();
            service.paid(alice, here);
            service.paid(alice, there);

            assertProblem(service.look(alice, here), 400, ProblemType.BAD_REQUEST);
            String path = "/v1/payments/" + here.id() + "?recipient=";
            String named = URLEncoder.encode(other.origin().text(), StandardCharsets.UTF_8);
            assertThat(ServicePayment.parse(TestService.bytes(alice.get(service.server(), path + named)))
                            .amount()
                            .format())
                    .isEqualTo("7");
            assertThat(alice.get(service.server(), path + other.origin()).getStatus())
                    .isEqualTo(200);
            assertProblem(alice.get(service.server(), path + "https://shop.example"), 404, ProblemType.NOT_FOUND);
            assertProblem(
                    alice.get(service.server(), path + named + "&recipient=" + named), 400, ProblemType.BAD_REQUEST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a.b", "/x/y", "/%41", "/release"})
    @Requirement({"F-WS-3"})
    void state_pathThatIsNone_isNotFound(String rest) throws Exception {
        String path = "/v1/payments" + rest;
        HttpTester.Response answer = alice.get(service.server(), path);

        // "release" can be a challenge's id; none of alice's payments has it.
        assertProblem(answer, 404, ProblemType.NOT_FOUND);
    }

    // ---- released by the payer

    @Test
    @Requirement({"F-WS-9", "F-WS-32", "F-OU-20"})
    void release_withThePayeesStatement_givesTheMoneyBack() throws Exception {
        Challenge offer = service.offer();
        PaymentReply paid = service.paid(alice, offer);

        HttpTester.Response answer = release(alice, offer, service.shop.released(offer));

        ServicePayment payment = ServicePayment.parse(TestService.bytes(answer));
        assertThat(payment.state()).isEqualTo(ServicePayment.State.RELEASED);
        assertThat(service.money(alice)).isEqualTo("5000+0");
        assertThat(release(alice, offer, service.shop.released(offer)).getStatus())
                .isEqualTo(200);
        assertThat(service.collect(TestService.capture(paid, 1000)).getContent())
                .contains("\"conflict\"");
        assertProblem(service.pay(alice, offer), 409, ProblemType.PAYMENT_RELEASED);
    }

    @Test
    @Requirement({"F-WS-9", "F-WS-32"})
    void release_ofWhatWasCollected_isTooLate() throws Exception {
        Challenge offer = service.offer();
        service.collect(TestService.capture(service.paid(alice, offer), 1000));

        assertProblem(release(alice, offer, service.shop.released(offer)), 409, ProblemType.ALREADY_FULFILLED);
        assertThat(service.money(alice)).isEqualTo("4000+0");
    }

    @Test
    @Requirement({"F-WS-9", "F-WS-32", "F-KY-20", "T18", "T31"})
    void release_withAnotherStatement_changesNothing() throws Exception {
        Challenge offer = service.offer();
        Challenge other = service.offer();
        service.paid(alice, offer);
        ReleaseStatement good = service.shop.released(offer);
        SigningKey stranger = SigningKey.generate(Algorithm.ED25519, "shop-1", new SecureRandom());
        String time = Rfc3339.format(service.clock.instant());
        String payload = "{\"challengeId\":\"" + offer.id() + "\",\"outcome\":\"released\",\"recipient\":\""
                + service.shop.origin() + "\",\"timestamp\":\"" + time + "\"}";

        ReleaseStatement[] wrong = {
            service.shop.released(other),
            ReleaseStatement.sign(stranger, offer.id(), service.shop.origin(), service.clock.instant()),
            ReleaseStatement.sign(
                    stranger.withKid("unlisted"), offer.id(), service.shop.origin(), service.clock.instant()),
            new ReleaseStatement(offer.id(), good.recipient(), "2026-11-22T00:00:00Z", null, good.jws()),
            new ReleaseStatement(
                    offer.id(),
                    good.recipient(),
                    time,
                    null,
                    DetachedJws.sign(
                            service.shop.key().withRoles(Set.of(Role.RECEIPT)), ArtifactType.RECEIPT, payload)),
            new ReleaseStatement(offer.id(), good.recipient(), time, null, "nothing")
        };
        for (ReleaseStatement statement : wrong) {
            assertProblem(release(alice, offer, statement), 403, ProblemType.VERIFICATION_FAILED);
        }
        assertThat(service.payment(alice, offer).state()).isEqualTo(ServicePayment.State.HELD);
        assertThat(release(alice, offer, good).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-WS-32", "F-WR-7", "T53"})
    void release_byAnybodyElse_findsNothing() throws Exception {
        Challenge offer = service.offer();
        service.paid(alice, offer);
        ReleaseStatement statement = service.shop.released(offer);

        assertProblem(release(bob, offer, statement), 404, ProblemType.NOT_FOUND);
        try (Shop other = new Shop(service.clock)) {
            service.register(other.origin(), "prompt", "ACTIVE");
            ReleaseStatement ofOther =
                    ReleaseStatement.sign(other.key(), offer.id(), other.origin(), service.clock.instant());
            assertProblem(release(alice, offer, ofOther), 404, ProblemType.NOT_FOUND);
        }
        assertThat(service.payment(alice, offer).state()).isEqualTo(ServicePayment.State.HELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"release\":{}}", "{\"release\":\"x\"}"})
    @Requirement({"F-WS-9", "T24"})
    void release_noStatement_isBadRequest(String body) throws Exception {
        Challenge offer = service.offer();
        service.paid(alice, offer);

        assertProblem(
                alice.send(service.server(), "POST", "/v1/payments/" + offer.id() + "/release", body),
                400,
                ProblemType.BAD_REQUEST);
    }

    private HttpTester.Response release(WalletClient who, Challenge offer, ReleaseStatement statement)
            throws Exception {
        return who.send(
                service.server(),
                "POST",
                "/v1/payments/" + offer.id() + "/release",
                new ReleaseNotice(statement).format());
    }
}
