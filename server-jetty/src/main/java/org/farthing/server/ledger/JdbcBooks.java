package org.farthing.server.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The reading side over JDBC: one lane looks single rows up, one makes the long reports, so that neither waits for the other. */
final class JdbcBooks implements Books {

    private final Lane lookups;
    private final Lane reports;
    private final Runnable afterClose;

    JdbcBooks(Lane lookups, Lane reports, Runnable afterClose) {
        this.lookups = lookups;
        this.reports = reports;
        this.afterClose = afterClose;
    }

    @Override
    public CompletionStage<Optional<Charge>> charge(String challengeId) {
        return lookups.submit(challengeId, Reports.charge(challengeId));
    }

    @Override
    public CompletionStage<Optional<Wallet>> wallet(String walletId) {
        return lookups.submit(walletId, Reports.wallet(walletId));
    }

    @Override
    public CompletionStage<List<Wallet>> wallets(@Nullable String after, int limit) {
        return reports.submit(FairQueue.NOBODY, Reports.wallets(after, Arguments.limit(limit)));
    }

    @Override
    public CompletionStage<List<DailyLimit>> limits(String walletId) {
        return lookups.submit(walletId, DailyLimits.read(walletId));
    }

    @Override
    public CompletionStage<List<Account>> accounts(String walletId) {
        return lookups.submit(walletId, Reports.accounts(walletId));
    }

    @Override
    public CompletionStage<Statement> statement(String walletId, @Nullable Long cursor, int limit) {
        return lookups.submit(walletId, Reports.statement(walletId, cursor, Arguments.limit(limit)));
    }

    @Override
    public OutboxBooks outbox() {
        return new JdbcOutboxBooks(reports);
    }

    @Override
    public TokenReports tokens() {
        return new JdbcTokenReports(reports);
    }

    @Override
    public CompletionStage<List<Totals>> totals() {
        return reports.submit(FairQueue.NOBODY, Reports.totals());
    }

    @Override
    public CompletionStage<List<Income>> income(Instant from, Instant until) {
        return reports.submit(FairQueue.NOBODY, Reports.income(from, until));
    }

    @Override
    public CompletionStage<Long> eachIncome(Instant from, Instant until, IncomeLine.By by, Consumer<IncomeLine> sink) {
        return reports.submit(FairQueue.NOBODY, IncomeLines.each(from, until, by, sink));
    }

    @Override
    public CompletionStage<Long> eachTransfer(Instant from, Instant until, Consumer<Transfer> sink) {
        return reports.submit(FairQueue.NOBODY, Reports.eachTransfer(from, until, sink));
    }

    @Override
    public CompletionStage<Long> lastSequence() {
        return lookups.submit(FairQueue.NOBODY, Reports.lastSequence());
    }

    @Override
    public CompletionStage<CheckReport> check(LongConsumer transfersRead) {
        return reports.submit(FairQueue.NOBODY, Audit.check(transfersRead));
    }

    @Override
    public void close() {
        lookups.close();
        reports.close();
        afterClose.run();
    }
}
