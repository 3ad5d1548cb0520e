package org.farthing.server.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The books, to look into: what the operator's tools use, also beside a running server (chapter operations of the
 * specification). A {@link Ledger} is the same books to write in.
 *
 * <p><b>Promises.</b> Nothing here changes anything. Each operation sees one state of the books, that of the moment at which it
 * begins to read, whatever is written meanwhile; two operations may see two.
 *
 * <p><b>Threads and failure</b> are those of {@link Ledger}, with one exception: a sink of {@link #eachTransfer} or {@link
 * #eachIncome} is called on the thread that reads, one row after the other, so that the rows need not be in memory together.
 * While it works, other reports wait and payments do not; the store keeps the state it reads for as long, so a sink does its
 * work and does not wait for people. What a sink throws ends the reading and fails the stage.
 */
public interface Books extends AutoCloseable {

    /**
     * Looks a charge up.
     *
     * @param challengeId the charge
     * @return the charge, or empty if it was never claimed or is past its retention
     */
    CompletionStage<Optional<Charge>> charge(String challengeId);

    /**
     * Reads a wallet.
     *
     * @param walletId the wallet
     * @return the wallet, or empty if there is none
     */
    CompletionStage<Optional<Wallet>> wallet(String walletId);

    /**
     * Reads a page of all wallets, ordered by id, for the operator's tools.
     *
     * @param after the last id of the page before; null for the first page
     * @param limit how many, 1 to 1000
     * @return the page; shorter than the limit, or empty, at the end
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<List<Wallet>> wallets(@Nullable String after, int limit);

    /**
     * Reads a wallet's daily limits and what is spent of them.
     *
     * @param walletId the wallet
     * @return the limits, ordered by code; empty if there are none or the wallet is unknown
     */
    CompletionStage<List<DailyLimit>> limits(String walletId);

    /**
     * Reads a wallet's accounts.
     *
     * @param walletId the wallet
     * @return one account a currency, ordered by currency; empty if the wallet is unknown or was never topped up
     */
    CompletionStage<List<Account>> accounts(String walletId);

    /**
     * Reads a page of a wallet's transfers, newest first.
     *
     * @param walletId the wallet
     * @param cursor {@link Statement#next()} of the page before, or null for the first
     * @param limit how many, 1 to 1000
     * @return the page
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<Statement> statement(String walletId, @Nullable Long cursor, int limit);

    /**
     * Returns what wallet services must be told, to look at.
     *
     * @return the outbox
     */
    OutboxBooks outbox();

    /**
     * Returns what is written about bearer tokens, to look at.
     *
     * @return the reports
     */
    TokenReports tokens();

    /**
     * Adds all money up, per currency.
     *
     * @return the totals, ordered by currency
     */
    CompletionStage<List<Totals>> totals();

    /**
     * Adds up what payees earned within a period.
     *
     * @param from the first instant that counts
     * @param until the first instant that does not
     * @return income by payee, currency and method, in this order
     */
    CompletionStage<List<Income>> income(Instant from, Instant until);

    /**
     * Adds up what payees earned within a period, day by day or month by month (UTC). The memory it takes grows with the lines of
     * one period, not with the transfers.
     *
     * @param from the first instant that counts
     * @param until the first instant that does not
     * @param by how long a line's period is
     * @param sink takes the lines by period, payee, currency and method, in this order; on the reading thread
     * @return how many lines there were
     */
    CompletionStage<Long> eachIncome(Instant from, Instant until, IncomeLine.By by, Consumer<IncomeLine> sink);

    /**
     * Reads transfers in their order, one at a time: the memory it takes does not grow with them.
     *
     * @param from the first instant that counts; {@link Instant#MIN} for all
     * @param until the first instant that does not; {@link Instant#MAX} for all
     * @param sink takes the transfers; on the reading thread
     * @return how many it took
     */
    CompletionStage<Long> eachTransfer(Instant from, Instant until, Consumer<Transfer> sink);

    /**
     * Tells the {@link Transfer#sequence()} of the last transfer, so that who reads them all can tell how far it is. Costs
     * nothing, also in a large ledger.
     *
     * @return the sequence number, or 0 if there is no transfer
     */
    CompletionStage<Long> lastSequence();

    /**
     * Reads everything and verifies it: row hashes, balances against transfers, charges against transfers, outbox and
     * exposure against charges, vouched payments against charges, the day's spending, sums of zero.
     * Takes long on a large ledger; other operations go on meanwhile.
     *
     * @param transfersRead is told how many transfers are read so far, after each of them and on the reading thread: to say
     *     how far it is, and no more
     * @return what it found
     */
    CompletionStage<CheckReport> check(LongConsumer transfersRead);

    /**
     * The same, for those who need not know how far it is.
     *
     * @return what it found
     */
    default CompletionStage<CheckReport> check() {
        return check(transfers -> {});
    }

    /** Finishes the operations accepted and closes the store. Blocks until done. */
    @Override
    void close();
}
