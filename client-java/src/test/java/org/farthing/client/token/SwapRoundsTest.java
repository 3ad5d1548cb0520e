package org.farthing.client.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.SwapBody;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swaps of tokens that not everybody would take together: one bad token must not spoil the others. */
@Timeout(60)
class SwapRoundsTest {

    @TempDir
    Path temp;

    private TokenFixture fixture;
    private PublishedKey old;
    private PublishedKey young;

    @BeforeEach
    void start() throws Exception {
        fixture = new TokenFixture(temp);
        old = fixture.mint.key(0, 100, fixture.clock.instant());
        young = fixture.mint.key(1, 100, fixture.clock.instant().plus(Duration.ofDays(25)));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    /** Two tokens of the old key and two of the young one; days later, all are to be swapped. */
    private void hold(int days) {
        fixture.mint.publish(List.of(old), 200);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(200)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.clock.advance(Duration.ofDays(28));
        fixture.mint.publish(List.of(young, old), 200);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(200)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.clock.advance(Duration.ofDays(days - 28));
        PublishedKey next = fixture.mint.key(2, 100, fixture.clock.instant());
        fixture.mint.publish(List.of(next, young, old), 200);
    }

    private static SwapBody swap(Received request) {
        try {
            return SwapBody.parse(request.text().getBytes(UTF_8));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private Set<String> keys(SwapBody swap) {
        return swap.tokens().stream()
                .map(token -> Base64Url.encode(token.keyId()))
                .collect(Collectors.toSet());
    }

    @Test
    @Requirement({"F-TK-164", "F-TK-127", "T69"})
    void swap_oneKeyAtTheIssuerAndOneAtThePayee_askedForByThemselves() throws Exception {
        hold(80);
        List<Set<String>> asked = new ArrayList<>();
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-swap")) {
                return Optional.empty();
            }
            asked.add(keys(swap(request)));
            return asked.get(asked.size() - 1).size() > 1
                    ? Optional.of(Reply.problem(Problem.of(ProblemType.NOT_ALLOWED, "Some are the payee's.")))
                    : Optional.empty();
        };
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).hasSize(4);
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        Set.of(old.key().keyId()), Set.of(young.key().keyId()));
        assertThat(fixture.worth(State.READY)).isEqualTo(400);
    }

    @Test
    @Requirement({"F-TK-164", "F-TK-127"})
    void swap_aKeyThatIsNotListedAnyMore_isLeftOut() throws Exception {
        hold(60);
        fixture.clock.advance(Duration.ofDays(20));
        fixture.mint.publish(List.of(fixture.mint.key(2, 100, fixture.clock.instant()), young), 200);
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).hasSize(2);
        assertThat(fixture.worth()).as("the others wait for their issuer").isEqualTo(400);
    }

    @Test
    @Requirement({"F-TK-164", "F-TK-127"})
    void swap_aKeyThatWasClosedSinceTheDirectoryWasKept_isLeftOut() throws Exception {
        fixture.mint.publish(List.of(old), 200);
        fixture.tokens.buy(fixture.scope, Amount.of(200)).join();
        PublishedKey other = fixture.mint.key(3, 100, fixture.clock.instant());
        fixture.clock.advance(Duration.ofDays(2));
        fixture.mint.publish(List.of(other), 200);
        fixture.tokens.buy(fixture.scope, Amount.of(200)).join();
        fixture.clock.advance(Duration.ofDays(53));
        PublishedKey next = fixture.mint.key(2, 100, fixture.clock.instant());
        fixture.mint.publish(List.of(next, other, old), 200);
        assertThat(fixture.tokens.directory(fixture.scope.issuer()).join().keys())
                .hasSize(3);
        fixture.clock.advance(Duration.ofMinutes(2));
        fixture.mint.publish(List.of(next, other), 200);
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).hasSize(2);
    }

    @Test
    @Requirement({"F-TK-164", "F-TK-127"})
    void swap_someAreSaidToBeTooOld_theRestIsSwapped() throws Exception {
        hold(55);
        AtomicInteger asked = new AtomicInteger();
        fixture.mint.instead = request -> request.target().equals("/token-swap") && asked.incrementAndGet() == 1
                ? Optional.of(Reply.problem(Problem.of(ProblemType.TOKEN_EXPIRED, "Too old.")
                        .with("expired", "0")
                        .withStatus(409)))
                : Optional.empty();
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).hasSize(1);
        assertThat(fixture.worth()).isEqualTo(400);
    }

    @Test
    @Requirement({"F-TK-164", "F-TK-127"})
    void swap_oneGroupIsRefused_theOtherIsSwapped() throws Exception {
        hold(80);
        fixture.mint.instead = request -> request.target().equals("/token-swap")
                        && keys(swap(request)).contains(old.key().keyId())
                ? Optional.of(Reply.problem(Problem.of(ProblemType.BAD_REQUEST, "Not these.")))
                : Optional.empty();
        assertThat(fixture.tokens.swap(fixture.scope).join().fresh()).hasSize(2);
        assertThatThrownBy(() -> fixture.tokens.swap(fixture.scope).join())
                .as("nothing else is left to be swapped")
                .hasMessageContaining("Not these");
        assertThat(fixture.worth()).isEqualTo(400);
    }

    @Test
    @Requirement({"F-TK-178", "F-TK-172", "F-TK-173"})
    void recall_aKeyThatWasClosed_bringsNewTokensAndOnlyWhenTheOwnerSaysSo() throws Exception {
        fixture.mint.publish(List.of(old), 300);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(300)).join()).isInstanceOf(Purchase.Bought.class);
        assertThat(fixture.tokens.recall(fixture.scope).join().fresh())
                .as("the key is listed")
                .isEmpty();
        fixture.clock.advance(Duration.ofDays(55));
        fixture.mint.publish(List.of(fixture.mint.key(2, 100, fixture.clock.instant())), 300);
        fixture.mint.forgetOneMessage();
        fixture.tokens.swap(fixture.scope).join();
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Declined.class);
        assertThat(fixture.server.received())
                .as("nothing shows how a token was made by itself")
                .noneMatch(request -> request.target().equals("/token-recall"));
        List<String> bodies = new ArrayList<>();
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-recall")) {
                return Optional.empty();
            }
            bodies.add(request.text());
            Reply reply = fixture.mint.answer(request);
            return Optional.of(bodies.size() == 2 ? Reply.drop() : reply);
        };
        assertThatThrownBy(() -> fixture.tokens.recall(fixture.scope).join()).isNotNull();
        assertThat(bodies)
                .as("without the one that nobody bought, the second time")
                .hasSize(2);
        fixture.reopen(builder -> builder);
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(bodies.get(2)).as("the same recall again").isEqualTo(bodies.get(1));
        assertThat(fixture.worth(State.READY))
                .as("two new ones, and the odd one")
                .isEqualTo(300);
        fixture.mint.price = 200;
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.mint.paid()).isEqualTo(300);
    }

    @Test
    @Requirement({"F-TK-165", "F-TK-128"})
    void get_changeThatBrokeOff_isFinishedBeforeThePriceIsGivenUp() throws Exception {
        fixture.mint.publish(fixture.mint.directory().keys(), 3200);
        fixture.mint.publish(
                List.of(
                        fixture.mint.key(3, 100, fixture.clock.instant()),
                        fixture.mint.key(4, 200, fixture.clock.instant()),
                        fixture.mint.key(5, 400, fixture.clock.instant())),
                400);
        assertThat(fixture.tokens.buy(fixture.scope, Amount.of(400)).join()).isInstanceOf(Purchase.Bought.class);
        fixture.mint.price = 100;
        fixture.mint.instead = request -> {
            if (!request.target().equals("/token-swap")) {
                return Optional.empty();
            }
            Reply unused = fixture.mint.answer(request);
            return Optional.of(Reply.drop());
        };
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Declined.class);
        fixture.mint.instead = request -> Optional.empty();
        fixture.reopen(builder -> builder);
        assertThat(fixture.get("/page").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.tokens.open()).isEmpty();
        assertThat(fixture.worth()).isEqualTo(300);
        assertThat(fixture.mint.paid()).isEqualTo(400);
    }
}
