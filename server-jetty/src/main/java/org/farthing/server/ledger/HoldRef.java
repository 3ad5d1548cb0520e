package org.farthing.server.ledger;

import java.time.Instant;
import java.util.Objects;
import org.farthing.server.ledger.TokenUse.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The right to finish one charge. Every transition is conditional on the charge's state and on the fence: after a take-over,
 * a sweep or another transition, an old reference moves nothing (T72).
 */
public final class HoldRef {

    private final String challengeId;
    private final String wallet;
    private final long fence;
    private final Instant holdUntil;
    private final @Nullable Known known;

    /**
     * What the ledger wrote or read when it gave the right. While the charge is held under the same fence, only its time moves,
     * so whoever's update finds it so need not read the rest again.
     *
     * @param tokens what paid for it, if tokens did and they are known
     */
    record Known(Charge charge, @Nullable Stored tokens) {}

    /**
     * Makes a reference of what is known about a charge.
     *
     * @param challengeId as {@link #challengeId}
     * @param wallet as {@link #wallet}
     * @param fence as {@link #fence}
     * @param holdUntil as {@link #holdUntil}
     * @throws IllegalArgumentException if an id is empty or too long
     */
    public HoldRef(String challengeId, String wallet, long fence, Instant holdUntil) {
        this(challengeId, wallet, fence, holdUntil, null);
    }

    private HoldRef(String challengeId, String wallet, long fence, Instant holdUntil, @Nullable Known known) {
        this.challengeId = Arguments.id("challengeId", challengeId, 128);
        this.wallet = Arguments.text("wallet", wallet, 128);
        this.fence = fence;
        this.holdUntil = holdUntil;
        this.known = known;
    }

    static HoldRef of(Charge charge, @Nullable Stored tokens) {
        return new HoldRef(
                charge.challengeId(),
                charge.terms().wallet(),
                charge.fence(),
                charge.holdUntil(),
                new Known(charge, tokens));
    }

    /**
     * Returns the charge's id.
     *
     * @return the challenge id
     */
    public String challengeId() {
        return challengeId;
    }

    /**
     * Returns who pays.
     *
     * @return the wallet; what ends charges is done in the order of their wallets
     */
    public String wallet() {
        return wallet;
    }

    /**
     * Returns the number this right was given under.
     *
     * @return the fence; a take-over gives a higher one
     */
    public long fence() {
        return fence;
    }

    /**
     * Returns when the sweeper ends the hold, by the ledger's clock, as known when this reference was made. Renewing moves the
     * row's time, not this one.
     *
     * @return the time
     */
    public Instant holdUntil() {
        return holdUntil;
    }

    /** Null if the reference was made by hand. */
    @Nullable
    Known known() {
        return known;
    }

    /** Two references are equal if they are to the same right. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HoldRef that
                && fence == that.fence
                && challengeId.equals(that.challengeId)
                && wallet.equals(that.wallet)
                && holdUntil.equals(that.holdUntil);
    }

    @Override
    public int hashCode() {
        return Objects.hash(challengeId, wallet, fence, holdUntil);
    }

    @Override
    public String toString() {
        return "HoldRef[challengeId=" + challengeId + ", wallet=" + wallet + ", fence=" + fence + ", holdUntil="
                + holdUntil + "]";
    }
}
