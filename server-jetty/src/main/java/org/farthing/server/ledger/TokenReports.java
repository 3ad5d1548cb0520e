package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is written about bearer tokens, to look at. {@link TokenBooks} is the same to work on. */
public interface TokenReports {

    /**
     * Reads all registered keys.
     *
     * @return the keys by issuer, begin, currency and value
     */
    CompletionStage<List<TokenKeyState>> keys();

    /**
     * Says how much was issued and how much used, for each key of an issuer whose books these are. It was counted when it was
     * written, so this takes no longer for many tokens than for few; {@link Ledger#check} counts again.
     *
     * @return one line a key that is not forgotten, in the order of {@link #keys()}
     */
    CompletionStage<List<Solvency>> solvency();

    /**
     * Reads a part of an issuer's tokens that were used, with what they were used for: of an issuer whose books these are, or of
     * a remote one. Each call reads a bounded number of rows. A key's tokens are there until its {@code swapUntil}.
     *
     * @param issuer the issuer's origin
     * @param after where the part begins: {@link UsedSlice#next} of the one before, or null for the first
     * @param limit how many at most, 1 to 5000
     * @return the part; it may be short or empty and yet not the last
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<UsedSlice> used(String issuer, @Nullable TokenPlace after, int limit);

    /**
     * Says how the books stand with every remote issuer of which tokens are accepted and not redeemed.
     *
     * @return one line an issuer and currency, ordered by both
     */
    CompletionStage<List<UploadStatus>> uploadStatus();

    /**
     * Reads a page of the tokens that are to be presented, or were refused, in the order they came.
     *
     * @param state only those in this state, or null for all
     * @param after the last number of the page before, 0 for the first page
     * @param limit how many, 1 to 1000
     * @return the page
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<List<TokenUpload>> uploadItems(TokenUpload.@Nullable State state, long after, int limit);
}
