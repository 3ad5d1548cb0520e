package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.TestPayee;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Issuers that lose answers, sign other things, refuse, or send the client elsewhere. */
@Timeout(60)
class HostileMintTest {

    @TempDir
    Path temp;

    private TokenFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new TokenFixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    /** Exposes what a page costs, and waits until it may be swapped. */
    private void expose() throws Exception {
        fixture.mint.instead = request -> request.target().equals("/page")
                ? request.credential()
                        .map(paid -> Reply.problem(
                                        fixture.payee.released(paid, "yes").withStatus(503))
                                .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.RELEASED, paid)))
                : Optional.empty();
        assertThat(fixture.get("/page").outcome()).isInstanceOf(PaymentOutcome.NotCharged.class);
        fixture.mint.instead = request -> Optional.empty();
        fixture.clock.advance(Duration.ofMinutes(20));
    }

    private static Optional<Reply> at(Received request, String route, Reply reply) {
        return request.target().equals(route) ? Optional.of(reply) : Optional.empty();
    }

    private static RestoreAnswer nothing(Received request) {
        try {
            int count = PurchaseBody.parse(request.text().getBytes(StandardCharsets.UTF_8))
                    .requests()
                    .size();
            return new RestoreAnswer(Collections.nCopies(count, Optional.<TokenResponse>empty()));
        } catch (org.farthing.protocol.MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement({"F-TK-123"})
    void buy_signaturesThatDoNotHold_nothingIsStoredAndThePurchaseStaysOpen() throws Exception {
        TokenResponse wrong = new TokenResponse(new byte[TokenResponse.LENGTH]);
        fixture.mint.instead = request -> request.target().equals("/token-purchase")
                ? request.credential()
                        .map(paid -> fixture.mint
                                .answer(request)
                                .body(new TokenResponses(Collections.nCopies(6, wrong)).format()))
                : Optional.empty();
        assertThatThrownBy(() -> fixture.buy())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("a signature of the issuer does not hold");
        assertThat(fixture.tokens.list()).isEmpty();
        assertThat(fixture.tokens.open()).containsExactly(fixture.scope);
        fixture.mint.instead = request -> Optional.empty();
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.mint.paid()).isEqualTo(6300);
    }

    @Test
    @Requirement({"F-TK-122"})
    void buy_everyAnswerLost_staysOpenAndIsNotPaidTwice() throws Exception {
        AtomicInteger times = new AtomicInteger();
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-purchase")
                    || request.credential().isEmpty()) {
                return request.target().equals("/token-restore") ? Optional.of(Reply.drop()) : Optional.empty();
            }
            Reply unused = fixture.mint.answer(request);
            times.incrementAndGet();
            return Optional.of(Reply.drop());
        };
        assertThatThrownBy(() -> fixture.buy()).isInstanceOf(CompletionException.class);
        assertThat(times.get()).as("asked again with the same bytes").isGreaterThan(1);
        assertThat(fixture.tokens.list()).isEmpty();
        fixture.mint.instead = request -> Optional.empty();
        fixture.reopen(builder -> builder);
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.mint.paid()).isEqualTo(6300);
        assertThat(fixture.mint.issuedValue()).isEqualTo(6300);
    }

    @Test
    @Requirement({"F-TK-122"})
    void buy_refusedBeforeMoney_leavesNothingOpenAndSaysWhy() throws Exception {
        fixture.mint.instead = request -> at(
                request,
                "/token-purchase",
                Reply.problem(Problem.of(ProblemType.ALREADY_FULFILLED, "Signed before: restore them.")));
        assertThatThrownBy(() -> fixture.buy())
                .hasRootCauseInstanceOf(MintRefusedException.class)
                .hasMessageContaining("Signed before: restore them.");
        assertThat(fixture.tokens.open()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-127", "T69"})
    void swap_theIssuerHasNoAuthority_goesThroughThePayee() throws Exception {
        fixture.buy();
        expose();
        AtomicInteger asked = new AtomicInteger();
        fixture.mint.instead = request -> {
            boolean first = request.target().equals("/token-swap") && asked.incrementAndGet() == 1;
            return first
                    ? Optional.of(Reply.problem(Problem.of(ProblemType.NOT_ALLOWED, "Ask the payee.")))
                    : Optional.empty();
        };
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).isNotEmpty();
        assertThat(asked.get())
                .as("the issuer, then the payee, which here are one")
                .isEqualTo(2);
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
    }

    @Test
    @Requirement({"F-TK-127"})
    void swap_anAnswerIsLost_isAskedForAgainByteForByte() throws Exception {
        fixture.buy();
        expose();
        List<String> bodies = new ArrayList<>();
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-swap")) {
                return Optional.empty();
            }
            bodies.add(request.text());
            Reply done = fixture.mint.answer(request);
            return Optional.of(bodies.size() == 1 ? Reply.of(503) : done);
        };
        assertThatThrownBy(() -> fixture.tokens.swap(fixture.scope).join())
                .hasRootCauseInstanceOf(MintRefusedException.class);
        assertThat(fixture.worth()).isEqualTo(6300);
        fixture.tokens.swap(fixture.scope).join();
        assertThat(bodies).hasSize(2).containsOnly(bodies.get(0));
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.mint.issuedValue()).isEqualTo(6300 + 2500);
    }

    @Test
    @Requirement({"F-TK-127"})
    void swap_refusedAfterItWasDone_theIssuersMemoryDecides() throws Exception {
        fixture.buy();
        expose();
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-swap")) {
                return Optional.empty();
            }
            Reply unused = fixture.mint.answer(request);
            return Optional.of(Reply.of(503));
        };
        assertThatThrownBy(() -> fixture.tokens.swap(fixture.scope).join()).isNotNull();
        fixture.mint.instead = request -> at(
                request,
                "/token-swap",
                Reply.problem(Problem.of(ProblemType.TOKEN_EXPIRED, "Over.").withStatus(409)));
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.worth(State.EXPOSED)).isZero();
    }

    @Test
    @Requirement({"F-TK-127"})
    void swap_refusedAndNothingWasDone_theTokensAreWhatTheyWere() throws Exception {
        fixture.buy();
        expose();
        fixture.mint.instead = request -> {
            if (request.target().equals("/token-restore")) {
                return Optional.of(Reply.ok(nothing(request).format()));
            }
            return at(request, "/token-swap", Reply.problem(Problem.of(ProblemType.BAD_REQUEST, "No.")));
        };
        assertThatThrownBy(() -> fixture.tokens.swap(fixture.scope).join())
                .hasRootCauseInstanceOf(MintRefusedException.class);
        assertThat(fixture.worth(State.EXPOSED)).isEqualTo(2500);
        assertThat(fixture.tokens.open()).isEmpty();
    }

    @Test
    @Requirement({"F-TK-127", "T70"})
    void swap_saidToBeSpent_isNeverShownAgainAndGivenUpOnlyADayLater() throws Exception {
        fixture.buy();
        expose();
        fixture.mint.instead = request -> at(
                request,
                "/token-swap",
                Reply.problem(Problem.of(ProblemType.TOKEN_SPENT, "Spent.")
                        .with("spent", "0 1 2")
                        .withStatus(409)));
        assertThat(fixture.tokens.swap(fixture.scope).join().spent()).hasSize(3);
        assertThat(fixture.worth(State.EXPOSED))
                .as("a payment that is not over may still give them back")
                .isEqualTo(2500);
        fixture.clock.advance(Duration.ofDays(2));
        assertThat(fixture.tokens.swap(fixture.scope).join().spent()).hasSize(3);
        assertThat(fixture.worth(State.EXPOSED)).isZero();
        assertThat(fixture.worth()).isEqualTo(3800);
    }

    @Test
    @Requirement({"F-TK-136"})
    void directory_ofAnotherIssuerOrElsewhere_isRefused() throws Exception {
        try (ScriptedServer other = ScriptedServer.start()) {
            other.script(request -> Reply.ok("").body(fixture.mint.directory().bytes()));
            TokenScope scope = new TokenScope(other.origin(), other.origin());
            assertThatThrownBy(
                            () -> fixture.tokens.buy(scope, TokenFixture.BUNDLE).join())
                    .hasMessageContaining("another issuer's");
        }
        assertThat(fixture.mint.paid()).isZero();
    }

    @Test
    @Requirement({"F-TK-137", "T54"})
    void refund_theAnswerIsLost_isFinishedByWhatWasSigned() throws Exception {
        fixture.buy();
        PaymentOutcome.Served served =
                (PaymentOutcome.Served) fixture.get("/page").outcome();
        String id = served.payment().challengeId();
        fixture.mint.giveBack(
                fixture.server.received().stream()
                        .flatMap(request -> request.credential().stream())
                        .filter(paid -> paid.challenge().id().equals(id))
                        .findFirst()
                        .orElseThrow(),
                2500);
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-refund")) {
                return Optional.empty();
            }
            Reply unused = fixture.mint.answer(request);
            return Optional.of(Reply.drop());
        };
        Amount amount = Amount.of(2500);
        assertThatThrownBy(() -> fixture.tokens
                        .refund(fixture.server.origin(), id, amount)
                        .join())
                .isInstanceOf(CompletionException.class);
        assertThat(fixture.tokens.open()).containsExactly(fixture.scope);
        fixture.mint.instead = request -> Optional.empty();
        fixture.reopen(builder -> builder);
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.mint.issuedValue()).isEqualTo(6300 + 2500);
        assertThatThrownBy(() -> fixture.tokens
                        .refund(fixture.server.origin(), "another", amount)
                        .join())
                .hasMessageContaining("paid no such payment");
    }
}
