package org.farthing.server.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.farthing.server.ledger.Reserved.WalletUnusable;
import org.jspecify.annotations.Nullable;

/**
 * The ledger over JDBC: one lane writes, one looks single rows up, one makes the long reports, so that none of the three waits
 * for another.
 */
final class JdbcLedger implements Ledger {

    /** Look-ups that wait share a snapshot; with more, the first would wait too long for the last. */
    private static final int LOOKED_UP_TOGETHER = 32;

    private final Leases leases;
    private final Claims claims;
    private final Settlement settlement;
    private final Retention retention;
    private final WalletCache wallets;
    private final Outbox outbox;
    private final ServicePayments payments;
    private final Payees payees;
    private final RequestIds requestIds;
    private final TokenBooks tokens;
    private final Writers writer;
    private final Lane lookups;
    private final JdbcBooks books;
    private final @Nullable LeaseKeeper lease;

    JdbcLedger(
            Leases leases,
            LedgerOptions options,
            Transactor.Opener write,
            int writers,
            Transactor.Opener lookUp,
            Transactor.Opener report,
            Runnable afterClose) {
        this.claims = new Claims(leases.bootId(), options);
        this.settlement = new Settlement(leases.bootId());
        this.retention = new Retention(leases, options);
        this.wallets = new WalletCache(options.walletCacheSize());
        this.writer = new Writers(write, options, writers);
        this.lookups = new Lane("farthing-ledger-lookups", lookUp, options, LOOKED_UP_TOGETHER).start();
        Lane reports = new Lane("farthing-ledger-reports", report, options, 1).start();
        this.books = new JdbcBooks(lookups, reports, afterClose);
        this.outbox = new JdbcOutbox(writer, reports);
        this.payments = new JdbcPayments(claims, wallets, writer, lookups, reports);
        this.payees = new JdbcPayees(writer, lookups, reports);
        this.requestIds = new JdbcRequestIds(writer);
        this.tokens = new JdbcTokens(writer, lookups, books.tokens());
        this.leases = leases;
        this.lease = leases.keep(writer);
    }

    @Override
    public CompletionStage<Reserved> reserve(HoldRequest request) {
        return reserve(request, false);
    }

    @Override
    public CompletionStage<Reserved> chargeUpfront(HoldRequest request) {
        return reserve(request, true);
    }

    private CompletionStage<Reserved> reserve(HoldRequest request, boolean upfront) {
        String wallet = request.terms().wallet();
        return writer.submit(wallet, claims.reserve(request, upfront)).thenApply(reserved -> {
            if (reserved instanceof WalletUnusable) {
                wallets.forget(wallet);
            }
            return reserved;
        });
    }

    @Override
    public CompletionStage<Transition> renew(HoldRef ref, Duration hold) {
        return writer.submitFirst(ref.wallet(), settlement.renew(ref, Arguments.positive("hold", hold)));
    }

    @Override
    public CompletionStage<Transition> capture(HoldRef ref, long amount, StoredOutcome outcome) {
        return writer.submitFirst(
                ref.wallet(), settlement.capture(ref, Arguments.amount("amount", amount), outcome, null));
    }

    @Override
    public CompletionStage<Transition> capture(HoldRef ref, long amount, StoredOutcome outcome, Issuance issuance) {
        return writer.submitFirst(
                ref.wallet(), settlement.capture(ref, Arguments.amount("amount", amount), outcome, issuance));
    }

    @Override
    public TokenBooks tokens() {
        return tokens;
    }

    @Override
    public CompletionStage<Transition> release(HoldRef ref, ReleaseReason reason, Execution executed) {
        return writer.submitFirst(ref.wallet(), settlement.release(ref, reason, executed));
    }

    @Override
    public CompletionStage<Transition> delivered(HoldRef ref, StoredOutcome outcome) {
        return writer.submitFirst(ref.wallet(), settlement.delivered(ref, outcome));
    }

    @Override
    public CompletionStage<Transition> refundUndelivered(HoldRef ref, ReleaseReason reason, Execution executed) {
        return writer.submitFirst(ref.wallet(), settlement.refundUndelivered(ref, reason, executed));
    }

    @Override
    public CompletionStage<TakeOver> takeOver(String challengeId, String credentialHash, Duration hold) {
        return writer.submit(
                challengeId, settlement.takeOver(challengeId, credentialHash, Arguments.positive("hold", hold)));
    }

    @Override
    public CompletionStage<ReRun> beginReRun(String challengeId, String credentialHash, Duration atMost) {
        return writer.submit(
                challengeId, ReRuns.begin(challengeId, credentialHash, Arguments.positive("atMost", atMost)));
    }

    @Override
    public CompletionStage<Boolean> endReRun(ReRun.Granted reRun) {
        return writer.submitFirst(reRun.challengeId(), ReRuns.end(reRun));
    }

    @Override
    public CompletionStage<RefundResult> refund(RefundRequest request) {
        return writer.submit(request.challengeId(), Credits.refund(request));
    }

    @Override
    public CompletionStage<Optional<Charge>> charge(String challengeId) {
        return books.charge(challengeId);
    }

    @Override
    public CompletionStage<Optional<StoredOutcome>> storedOutcome(String challengeId, String credentialHash) {
        return lookups.submit(challengeId, Reports.outcome(challengeId, credentialHash));
    }

    @Override
    public CompletionStage<WalletResult> register(WalletRegistration registration) {
        return writer.submit(registration.id(), Wallets.register(registration));
    }

    @Override
    public CompletionStage<Optional<Wallet>> wallet(String walletId) {
        Wallet cached = wallets.get(walletId);
        if (cached != null) {
            return CompletableFuture.completedStage(Optional.of(cached));
        }
        long mark = wallets.mark();
        return books.wallet(walletId).thenApply(found -> {
            found.ifPresent(wallet -> wallets.put(wallet, mark));
            return found;
        });
    }

    @Override
    public CompletionStage<WalletResult> addKey(String walletId, WalletKey key) {
        return change(walletId, Wallets.addKey(walletId, key));
    }

    @Override
    public CompletionStage<WalletResult> revokeKey(String walletId, String thumbprint) {
        return change(walletId, Wallets.revokeKey(walletId, thumbprint));
    }

    @Override
    public CompletionStage<WalletResult> setStatus(String walletId, Wallet.Status status) {
        if (status == Wallet.Status.FROZEN) {
            throw new IllegalArgumentException("setStatus suspends or lifts a suspension; setFrozen freezes");
        }
        return change(walletId, Wallets.setStatus(walletId, status));
    }

    /** Forgets the wallet whatever came of it: a failed commit may have changed it all the same. */
    private CompletionStage<WalletResult> change(String walletId, Operation<WalletResult> operation) {
        return writer.submit(walletId, operation).whenComplete((result, failure) -> wallets.forget(walletId));
    }

    @Override
    public CompletionStage<TopUpResult> topUp(TopUp topUp) {
        return writer.submit(topUp.wallet(), Credits.topUp(topUp));
    }

    @Override
    public CompletionStage<List<Wallet>> wallets(@Nullable String after, int limit) {
        return books.wallets(after, limit);
    }

    @Override
    public CompletionStage<List<Account>> accounts(String walletId) {
        return books.accounts(walletId);
    }

    @Override
    public CompletionStage<Statement> statement(String walletId, @Nullable Long cursor, int limit) {
        return books.statement(walletId, cursor, limit);
    }

    @Override
    public CompletionStage<WalletResult> setFrozen(String walletId, boolean frozen) {
        return change(walletId, Wallets.setFrozen(walletId, frozen));
    }

    @Override
    public CompletionStage<WalletResult> setLimit(
            String walletId, String code, @Nullable String perDay, boolean mayRaise) {
        return writer.submit(walletId, DailyLimits.set(walletId, code, perDay, mayRaise));
    }

    @Override
    public CompletionStage<List<DailyLimit>> limits(String walletId) {
        return books.limits(walletId);
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public ServicePayments payments() {
        return payments;
    }

    @Override
    public Payees payees() {
        return payees;
    }

    @Override
    public RequestIds requestIds() {
        return requestIds;
    }

    @Override
    public CompletionStage<List<Totals>> totals() {
        return books.totals();
    }

    @Override
    public CompletionStage<List<Income>> income(Instant from, Instant until) {
        return books.income(from, until);
    }

    @Override
    public CompletionStage<Long> eachIncome(Instant from, Instant until, IncomeLine.By by, Consumer<IncomeLine> sink) {
        return books.eachIncome(from, until, by, sink);
    }

    @Override
    public CompletionStage<Long> eachTransfer(Instant from, Instant until, Consumer<Transfer> sink) {
        return books.eachTransfer(from, until, sink);
    }

    @Override
    public CompletionStage<Long> lastSequence() {
        return books.lastSequence();
    }

    @Override
    public CompletionStage<Instant> now() {
        return lookups.submit(
                FairQueue.NOBODY, (session, now) -> Operation.Step.discard(Instant.ofEpochMilli(session.now())));
    }

    @Override
    public CompletionStage<SweepReport> sweep() {
        return writer.submitAlone(FairQueue.NOBODY, retention.sweep());
    }

    @Override
    public CompletionStage<PurgeReport> purge() {
        return writer.submit(FairQueue.NOBODY, retention.purge());
    }

    @Override
    public CompletionStage<CheckReport> check(LongConsumer transfersRead) {
        return books.check(transfersRead);
    }

    @Override
    public void close() {
        if (lease != null) {
            lease.close();
            var unused = writer.submitFirst(FairQueue.NOBODY, leases.end());
        }
        writer.close();
        books.close();
    }
}
