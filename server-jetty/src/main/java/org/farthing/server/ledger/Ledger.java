package org.farthing.server.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The books, and everything that changes them (chapters charge, retry and wallets of the specification). Double entry in whole
 * base units; the sum of all accounts of a currency is zero and no wallet is ever below zero. What only reads stands in {@link
 * Books}.
 *
 * <p><b>Promises.</b> Every operation is one atomic step. Its stage completes with a result only after the step is durable,
 * and a result other than success has written nothing, unless the result's own text says otherwise. A claim is won by one
 * caller, whatever the number of threads and nodes. Steps of a charge are conditional on its state and fence. Operations with
 * an idempotency key move money once for each key.
 *
 * <p><b>Threads.</b> No operation blocks its caller. A stage may be complete already when it is returned (then the caller goes
 * on without a hop); otherwise it completes on the executor the ledger was opened with, never on the thread that writes.
 *
 * <p>What goes on there must not block, and must not wait for another stage of the ledger: results that became durable together are
 * handed on together, so whoever blocks keeps others from theirs. Work that blocks belongs on a thread of its own.
 *
 * <p><b>Failure.</b> A stage that fails authorises nothing: no handler may run on it. It fails with {@link
 * LedgerUnavailableException}, whose effect distinguishes "certainly nothing happened" from "unknown"; with {@link
 * java.util.NoSuchElementException} if a {@link HoldRef} names a charge that does not exist.
 *
 * <p><b>Time</b> is the ledger's own (the store's, where nodes share one), never the caller's.
 *
 * <p><b>Not promised.</b> The row hashes find accidents and careless edits, not a forger who can write the store.
 */
public interface Ledger extends Books {

    // ---- one charge ----------------------------------------------------------------------------------------------

    /**
     * Claims challenge id, payment identity and idempotency key, checks the wallet and its daily limit, and sets the money
     * aside: all or nothing. Applied at most once for each challenge id. Where a wallet service vouches ({@link
     * HoldRequest#source()}), the exposure to the service is checked and counted instead (F-ST-70, F-ST-71). Where it is paid with
     * tokens, all of them are used up for it or none (F-TK-31).
     *
     * @param request what to claim; its proof has verified
     * @return what became of it; only {@link Reserved.Held} lets a handler run
     */
    CompletionStage<Reserved> reserve(HoldRequest request);

    /**
     * As {@link #reserve}, and captures the whole amount in the same step. The charge is {@link Delivery#PENDING} until {@link
     * #delivered}; past its {@code holdUntil} the sweeper gives the money back.
     *
     * @param request what to claim; its proof has verified
     * @return what became of it; only {@link Reserved.Held} lets a handler run
     */
    CompletionStage<Reserved> chargeUpfront(HoldRequest request);

    /**
     * Gives a hold, or an upfront charge whose answer is pending, more time from now.
     *
     * @param ref the right to finish the charge
     * @param hold how long from now
     * @return done, or lost if it is no longer the caller's
     */
    CompletionStage<Transition> renew(HoldRef ref, Duration hold);

    /**
     * Moves money to the payee, gives back the rest, stores the outcome, and writes what a wallet service must be told into
     * the {@link #outbox()}, all in one step. A later refund is possible, a second capture is not.
     *
     * @param ref the right to finish the charge
     * @param amount how much, 0 to the authorised amount
     * @param outcome what will be answered
     * @return done: now answer; lost: discard the answer, nothing moved
     * @throws IllegalArgumentException if the amount is negative; a larger amount than authorised fails the stage with it
     */
    CompletionStage<Transition> capture(HoldRef ref, long amount, StoredOutcome outcome);

    /**
     * As {@link #capture(HoldRef, long, StoredOutcome)}, for a charge that buys tokens: the money goes to the issuer's account
     * instead of the payee's, and what is signed for it is written down in the same step (F-TK-37). Such a charge cannot be
     * refunded. The stage fails with {@link LedgerUnavailableException.Effect#NONE} if a message was signed before, a key
     * cannot be sold, or the values do not add up to the amount.
     *
     * @param ref the right to finish the charge
     * @param amount what the tokens are worth together
     * @param outcome what will be answered
     * @param issuance what is signed
     * @return done: now answer; lost: discard the answer, nothing moved and nothing is issued
     * @throws IllegalArgumentException if the amount is negative
     */
    CompletionStage<Transition> capture(HoldRef ref, long amount, StoredOutcome outcome, Issuance issuance);

    /**
     * Gives all of a hold back. The challenge id stays burned.
     *
     * @param ref the right to finish the charge
     * @param reason why
     * @param executed whether the handler ran
     * @return done, or lost if somebody else ended it
     */
    CompletionStage<Transition> release(HoldRef ref, ReleaseReason reason, Execution executed);

    /**
     * Notes that the answer of an upfront charge left, and stores it.
     *
     * @param ref the right to finish the charge
     * @param outcome what was answered
     * @return done, or lost if the money had been given back
     */
    CompletionStage<Transition> delivered(HoldRef ref, StoredOutcome outcome);

    /**
     * Gives all of an upfront charge back because its answer will not leave; the charge is {@link ChargeState#REFUNDED}.
     *
     * @param ref the right to finish the charge
     * @param reason why
     * @param executed whether the handler ran
     * @return done, or lost if it was delivered or given back
     */
    CompletionStage<Transition> refundUndelivered(HoldRef ref, ReleaseReason reason, Execution executed);

    /**
     * Takes over the hold of a node that is gone, for the very same credential bytes, in one conditional update. The caller
     * then runs the handler again if {@link ChargeTerms#repeatable()}, else releases.
     *
     * @param challengeId the charge
     * @param credentialHash the hash of the credential that was sent again
     * @param hold how long the new hold lasts
     * @return a new right with a higher fence, or why not
     */
    CompletionStage<TakeOver> takeOver(String challengeId, String credentialHash, Duration hold);

    /**
     * Asks to run a repeatable handler again for a captured charge whose answer was not stored. No money moves.
     *
     * @param challengeId the charge
     * @param credentialHash the hash of the credential that was sent again
     * @param atMost how long the re-run may take before the next may start
     * @return granted with its number, or why not
     */
    CompletionStage<ReRun> beginReRun(String challengeId, String credentialHash, Duration atMost);

    /**
     * Ends a re-run, so that the next may start.
     *
     * @param reRun what {@link #beginReRun} granted
     * @return true if it was still the one under way
     */
    CompletionStage<Boolean> endReRun(ReRun.Granted reRun);

    /**
     * Gives captured money back to the wallet that paid. The sum of a charge's refunds never exceeds what was captured. A
     * charge refunded in full loses its stored answer. Where a wallet service vouched, it is told behind the capture; a capture
     * that was written off cannot be refunded.
     *
     * @param request what to give back
     * @return what became of it
     */
    CompletionStage<RefundResult> refund(RefundRequest request);

    /**
     * Reads the stored answer, for the credential bytes that paid for it only (T62).
     *
     * @param challengeId the charge
     * @param credentialHash the hash of the credential that asks
     * @return the outcome; empty if there is none, it is past its window, was revoked, or the bytes differ
     */
    CompletionStage<Optional<StoredOutcome>> storedOutcome(String challengeId, String credentialHash);

    // ---- wallets -------------------------------------------------------------------------------------------------

    /**
     * Opens a wallet, or finds it open with the same first key.
     *
     * @param registration the wallet's id and first key
     * @return what became of it
     */
    CompletionStage<WalletResult> register(WalletRegistration registration);

    /**
     * Reads a wallet from a bounded cache; a hit completes at once. It may be a moment old: reserving checks its version.
     *
     * @param walletId the wallet
     * @return the wallet, or empty if there is none
     */
    @Override
    CompletionStage<Optional<Wallet>> wallet(String walletId);

    /**
     * Lets another key sign for a wallet. The recovery key is refused: it never signs orders.
     *
     * @param walletId the wallet
     * @param key the key
     * @return what became of it
     */
    CompletionStage<WalletResult> addKey(String walletId, WalletKey key);

    /**
     * Stops a key from signing for a wallet. The last key cannot be revoked: suspend the wallet instead.
     *
     * @param walletId the wallet
     * @param thumbprint the key
     * @return what became of it
     */
    CompletionStage<WalletResult> revokeKey(String walletId, String thumbprint);

    /**
     * Suspends a wallet or lifts the suspension, for the operator. Open holds settle in either case. A frozen wallet stays
     * frozen.
     *
     * @param walletId the wallet
     * @param status {@link Wallet.Status#SUSPENDED} or {@link Wallet.Status#ACTIVE}
     * @return what became of it
     * @throws IllegalArgumentException if the status is {@link Wallet.Status#FROZEN}: use {@link #setFrozen}
     */
    CompletionStage<WalletResult> setStatus(String walletId, Wallet.Status status);

    /**
     * Freezes a wallet or thaws it, for its owner. Open holds settle in either case. A suspension stays.
     *
     * @param walletId the wallet
     * @param frozen whether it makes no new holds
     * @return what became of it
     */
    CompletionStage<WalletResult> setFrozen(String walletId, boolean frozen);

    /**
     * Limits what a wallet may spend in a day (UTC), by ISO code or unit name. What it spent today already counts.
     *
     * @param walletId the wallet
     * @param code the ISO code in lower case, or {@code unit:NAME}
     * @param perDay a decimal number of the major unit; null to remove the limit
     * @param mayRaise whether the caller may raise or remove a limit that stands; without, only a first or a lower one is
     *     accepted and anything else is {@link WalletResult.Refused}
     * @return what became of it
     * @throws IllegalArgumentException if code and number are no money
     */
    CompletionStage<WalletResult> setLimit(String walletId, String code, @Nullable String perDay, boolean mayRaise);

    /**
     * Credits a wallet with money that came from outside, once for each key.
     *
     * @param topUp whom, how much, and the key
     * @return what became of it
     */
    CompletionStage<TopUpResult> topUp(TopUp topUp);

    // ---- wallet services -----------------------------------------------------------------------------------------

    /**
     * Returns what wallet services must be told about this ledger's charges.
     *
     * @return the outbox
     */
    @Override
    Outbox outbox();

    /**
     * Returns the payments this ledger vouched for, where it is a wallet service's.
     *
     * @return the payments
     */
    ServicePayments payments();

    /**
     * Returns the payees registered here, where this ledger is a wallet service's.
     *
     * @return the payees
     */
    Payees payees();

    /**
     * Returns the ids of signed requests that were used.
     *
     * @return the ids
     */
    RequestIds requestIds();

    // ---- tokens --------------------------------------------------------------------------------------------------

    /**
     * Returns the books of bearer tokens.
     *
     * @return the books
     */
    @Override
    TokenBooks tokens();

    // ---- the whole -----------------------------------------------------------------------------------------------

    /**
     * Reads the store's time, by which holds, windows and retention are judged (F-ST-24).
     *
     * @return the time at a moment between the question and the answer
     */
    CompletionStage<Instant> now();

    /**
     * Ends holds past their time and gives undelivered upfront charges past theirs back: one small step, by the same
     * conditional statements a running handler uses, so exactly one of both wins.
     *
     * @return what it ended, and whether there is more
     */
    CompletionStage<SweepReport> sweep();

    /**
     * Removes what is past its retention (F-ST-40 to F-ST-45, F-ST-130) with an hour's margin: one small step. What is held, what a
     * wallet service must still be told, and what failed there and is not written off stay, however old.
     *
     * @return what it removed, and whether there is more
     */
    CompletionStage<PurgeReport> purge();

    /**
     * Refuses new operations, finishes those accepted, and closes the store. Holds stay as they are. Blocks until done.
     */
    @Override
    void close();
}
