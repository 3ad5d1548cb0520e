package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;
import static org.farthing.server.ledger.kit.Tokens.far;

import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.Execution;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.ReleaseReason;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadAnswer;
import org.farthing.server.ledger.UploadStatus;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** What every {@link org.farthing.server.ledger.TokenUploads} must do with tokens of a remote issuer. */
public abstract class TokenUploadContract extends TokenKit {

    private static final Duration LEASE = Duration.ofSeconds(20);

    /** For the store's own test. */
    protected TokenUploadContract() {}

    @Test
    @Requirement({"F-TK-40", "F-TK-41", "F-TK-43"})
    void captured_isGivenOutOnce_asLongAsItIsLeased_andOwedByTheIssuer() {
        pay(paidRemotely("c1", 5, 100, far(4, "a"), far(1, "b")));

        List<TokenUpload> due = due();

        assertThat(due).hasSize(2).allSatisfy(upload -> {
            assertThat(upload.issuer()).isEqualTo(Tokens.REMOTE);
            assertThat(upload.payee()).isEqualTo(PAYEE);
            assertThat(upload.attempts()).isEqualTo(1);
            assertThat(upload.token()).isEqualTo(Tokens.bytes(upload.used()));
            assertThat(upload.redeemUntil()).isEqualTo(Tokens.remote(1).redeemUntil());
        });
        assertThat(due()).isEmpty();
        assertThat(totals().receivable()).isEqualTo(5);
        assertThat(totals().payees()).isEqualTo(5);
        assertThat(status())
                .isEqualTo(
                        new UploadStatus(Tokens.REMOTE, USD, 2, Tokens.remote(1).redeemUntil(), 0, 0, 5));

        clock.advance(LEASE);
        assertThat(due()).hasSize(2);
    }

    @Test
    @Requirement({"F-TK-40", "T70"})
    void released_isNeverGivenOut_andOwesNothing() {
        HoldRef ref = hold(paidRemotely("c1", 4, 4, far(4, "a")));
        assertThat(status().open()).isEqualTo(4);
        assertThat(await(ledger().reserve(paidRemotely("c2", 1, 4, far(1, "b")))))
                .isEqualTo(new Reserved.ExposureExceeded(4, 4));
        assertThat(await(tokens().uploadItems(TokenUpload.State.HELD, 0, 10))).hasSize(1);

        await(ledger().release(ref, ReleaseReason.HANDLER_FAILED, Execution.YES));

        assertThat(await(tokens().uploadStatus())).isEmpty();
        assertThat(await(tokens().uploadItems(null, 0, 10))).isEmpty();
        pay(paidRemotely("c3", 1, 4, far(1, "b")));
        clock.advance(VALID.plus(Duration.ofMinutes(10)));
        assertThat(await(ledger().reserve(paidRemotely("c4", 4, 4, far(4, "a")))))
                .isEqualTo(new Reserved.ExposureExceeded(1, 4));
    }

    @Test
    @Requirement({"F-TK-42", "T61"})
    void done_endsWhatIsRedeemed_andKeepsWhatIsRefused_untilItIsWrittenOff() {
        pay(paidRemotely("c1", 7, 100, far(4, "a"), far(2, "b"), far(1, "c")));
        List<TokenUpload> due = due();
        List<UploadAnswer> answers = due.stream()
                .map(upload ->
                        new UploadAnswer(upload.seq(), upload.value() != 4, upload.value() == 4 ? "spent" : "accepted"))
                .toList();

        assertThat(await(tokens().uploads().done(answers))).isEqualTo(3);
        assertThat(await(tokens().uploads().done(answers))).isZero();

        assertThat(status()).isEqualTo(new UploadStatus(Tokens.REMOTE, USD, 0, null, 1, 4, 4));
        TokenUpload failed =
                await(tokens().uploadItems(TokenUpload.State.FAILED, 0, 10)).get(0);
        assertThat(failed.result()).isEqualTo("spent");
        assertThat(await(tokens().uploads().again(List.of(failed.seq()), Duration.ZERO, "once more")))
                .isEqualTo(1);
        assertThat(await(tokens().uploads().writeOff(failed.seq(), "waits"))).isFalse();
        assertThat(due()).hasSize(1);
        await(tokens().uploads().done(List.of(new UploadAnswer(failed.seq(), false, "spent"))));
        assertThat(await(tokens().uploads().writeOff(failed.seq(), "the issuer says it is spent")))
                .isTrue();
        assertThat(await(tokens().uploads().writeOff(failed.seq(), "again"))).isFalse();

        assertThat(await(tokens().uploadStatus())).isEmpty();
        assertThat(totals().payees()).isEqualTo(3);
        assertThat(totals().receivable()).isEqualTo(3);
    }

    @Test
    @Requirement({"F-TK-34", "F-TK-40"})
    void upfront_isGivenOutOnceDelivered() {
        HoldRef first = upfront("c1", "a");
        HoldRef second = upfront("c2", "b");
        assertThat(due()).isEmpty();

        await(ledger().delivered(first, ANSWER));
        await(ledger().refundUndelivered(second, ReleaseReason.UNDELIVERED, Execution.YES));

        assertThat(due())
                .singleElement()
                .satisfies(upload -> assertThat(upload.used()).isEqualTo(far(4, "a")));
        assertThat(totals().receivable()).isEqualTo(4);
    }

    private HoldRef upfront(String challengeId, String name) {
        return ((Reserved.Held) await(ledger().chargeUpfront(paidRemotely(challengeId, 4, 100, far(4, name))))).ref();
    }

    @Test
    @Requirement({"F-TK-41"})
    void reopen_whatWaitsIsStillThere() {
        pay(paidRemotely("c1", 4, 100, far(4, "a")));
        due();

        reopen();
        clock.advance(LEASE);

        assertThat(due())
                .singleElement()
                .satisfies(upload -> assertThat(upload.attempts()).isEqualTo(2));
        assertThat(await(ledger().reserve(paidRemotely("c2", 4, 100, far(4, "a")))))
                .isEqualTo(new Reserved.TokensSpent(List.of(0)));
    }

    private List<TokenUpload> due() {
        return await(tokens().uploads().due(100, LEASE));
    }

    private UploadStatus status() {
        List<UploadStatus> all = await(tokens().uploadStatus());
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
