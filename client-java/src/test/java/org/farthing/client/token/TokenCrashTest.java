package org.farthing.client.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.testing.ChildProcess;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestMint;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL at every step of a purchase, a swap and a payment: no token lost, none issued twice, none unpaid. */
@Timeout(120)
class TokenCrashTest {

    /** The mint has done what was asked, and the answer is lost with the process. */
    private static final String DONE_AT_THE_MINT = "done at the mint";

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

    private void killAt(String step, String action, String route) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        if (step.equals(DONE_AT_THE_MINT)) {
            fixture.mint.instead = request -> {
                boolean last = request.target().equals(route)
                        && (Set.of("swap", "recall").contains(action)
                                || request.credential().isPresent());
                Reply reply = fixture.mint.answer(request);
                if (last) {
                    done.countDown();
                    return Optional.of(reply.pauseAfter(0, never));
                }
                return Optional.of(reply);
            };
        }
        Process process = ChildProcess.startReadable(
                TokenProcess.class,
                temp.resolve("purse"),
                fixture.clock.instant(),
                fixture.server.origin(),
                step,
                action);
        if (step.equals(DONE_AT_THE_MINT)) {
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        } else {
            String line = process.inputReader().readLine();
            while (!line.equals("reached")) {
                line = process.inputReader().readLine();
            }
        }
        ChildProcess.kill(process);
        never.countDown();
        fixture.mint.instead = request -> Optional.empty();
        fixture.reopen(builder -> builder);
    }

    @ParameterizedTest
    @CsvSource({
        "BEGUN, false",
        "Stored, true",
        DONE_AT_THE_MINT + ", true",
        "VERIFIED, true",
    })
    @Requirement({"F-TK-121", "F-TK-122", "F-CL-44", "T12"})
    void recover_afterAKillDuringAPurchase_paidOnceAndEveryTokenThere(String step, boolean bought) throws Exception {
        killAt(step, "buy", "/token-purchase");
        assertThat(fixture.tokens.recover(fixture.scope).join()).isEqualTo(bought ? 0 : 1);
        assertThat(fixture.worth(State.READY)).isEqualTo(bought ? 6300 : 0);
        assertThat(fixture.mint.paid()).isEqualTo(bought ? 6300 : 0);
        assertThat(fixture.mint.issuedValue()).isEqualTo(fixture.mint.paid());
        fixture.clock.advance(Duration.ofHours(2));
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        fixture.buy();
        assertThat(fixture.worth(State.READY)).isEqualTo(fixture.mint.paid()).isEqualTo(fixture.mint.issuedValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGUN", DONE_AT_THE_MINT, "VERIFIED"})
    @Requirement({"F-TK-121", "F-TK-127", "T12"})
    void recover_afterAKillDuringASwap_everyTokenThereOnce(String step) throws Exception {
        List<PublishedKey> old = new ArrayList<>();
        List<PublishedKey> both = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            old.add(fixture.mint.key(i, 2100L << i, fixture.clock.instant()));
            both.add(fixture.mint.key(i + 3, 2100L << i, fixture.clock.instant().plus(Duration.ofDays(50))));
        }
        both.addAll(old);
        fixture.mint.publish(old, 6300);
        fixture.buy();
        fixture.mint.publish(both, 6300);
        fixture.clock.advance(Duration.ofDays(55));
        killAt(step, "swap", "/token-swap");
        assertThat(fixture.worth()).isEqualTo(6300);
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(fixture.tokens.list()).hasSize(2).allMatch(token -> token.state() == State.READY);
        assertThat(fixture.worth()).isEqualTo(6300);
        assertThat(fixture.mint.issuedValue()).as("bought, and changed once").isEqualTo(12_600);
        assertThat(fixture.mint.spent()).hasSize(2);
        assertThat(fixture.mint.paid()).isEqualTo(6300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGUN", DONE_AT_THE_MINT, "VERIFIED"})
    @Requirement({"F-TK-121", "F-TK-178", "T12", "T60"})
    void recover_afterAKillDuringARecall_everyTokenThereOnce(String step) throws Exception {
        fixture.mint.publish(keys(0), 6300);
        fixture.buy();
        fixture.clock.advance(Duration.ofDays(1));
        fixture.mint.publish(keys(3), 6300);
        killAt(step, "recall", "/token-recall");
        assertThat(fixture.worth()).as("given, or still there").isEqualTo(6300);
        assertThat(fixture.tokens.recover(fixture.scope).join()).isZero();
        assertThat(fixture.tokens.recall(fixture.scope).join().fresh())
                .as("of the other key")
                .isNotEmpty();
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(fixture.mint.issuedValue()).as("bought, and given once").isEqualTo(12_600);
        assertThat(fixture.mint.paid()).isEqualTo(6300);
    }

    /** Three keys from a number of the mint's on, whose values a bundle of 6300 can be made of. */
    private List<PublishedKey> keys(int first) {
        return IntStream.range(0, 3)
                .mapToObj(i -> fixture.mint.key(first + i, 2100L << i, fixture.clock.instant()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"Signed, INTENT", DONE_AT_THE_MINT + ", SENT"})
    @Requirement({"F-TK-124", "F-CL-44", "F-CR-31", "T12"})
    void resume_afterAKillDuringAPayment_theSameTokensAndTheContent(String step, JournalEntry.State left)
            throws Exception {
        fixture.buy();
        killAt(step, "pay", "/page");
        JournalEntry open = fixture.client.journal().entries().stream()
                .filter(entry -> entry.proposal().prepaid())
                .findFirst()
                .orElseThrow();
        assertThat(open.state()).isEqualTo(left);
        assertThat(fixture.worth(State.RESERVED)).isEqualTo(TestMint.PRICE);
        assertThat(fixture.client.resume(open, BodyHandlers.ofString()).outcome())
                .isInstanceOf(Served.class);
        assertThat(fixture.worth()).isEqualTo(6300 - TestMint.PRICE);
        assertThat(fixture.worth(State.READY)).isEqualTo(6300 - TestMint.PRICE);
        assertThat(fixture.mint.servedCount()).isEqualTo(1);
        assertThat(fixture.mint.spent()).hasSize(3);
    }

    @Test
    @Requirement({"F-TK-124", "F-OU-14"})
    void list_afterAPaymentThatNeverLeft_theTokensAreReadyAgain() throws Exception {
        fixture.buy();
        killAt("Stored", "pay", "/page");
        assertThat(fixture.worth(State.RESERVED)).isEqualTo(TestMint.PRICE);
        fixture.clock.advance(Duration.ofMinutes(6));
        assertThat(fixture.worth(State.READY)).isEqualTo(6300);
        assertThat(Amount.of(fixture.mint.paid())).isEqualTo(TokenFixture.BUNDLE);
    }
}
