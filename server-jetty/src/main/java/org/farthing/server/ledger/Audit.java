package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.farthing.protocol.CurrencyId;
import org.farthing.server.ledger.Operation.Step;

/**
 * Reads the whole ledger in one snapshot, row by row, and compares everything that is written twice: hashes with columns,
 * transfers with their ids and accounts, balances with transfers, charges with transfers, counters with rows (F-ST-100 to
 * F-ST-106).
 */
final class Audit {

    /** One part of the check. */
    @FunctionalInterface
    private interface Part {
        void run() throws SQLException;
    }

    private final Session session;
    private final long now;
    private final Findings findings = new Findings();
    private List<Totals> totals = List.of();

    private Audit(Session session, long now) {
        this.session = session;
        this.now = now;
    }

    static Operation<CheckReport> check(LongConsumer progress) {
        return (session, now) -> Step.discard(new Audit(session, now).run(progress));
    }

    private CheckReport run(LongConsumer progress) throws SQLException {
        ChargeAudit charges = new ChargeAudit(session, findings, progress);
        // First what looks at one row alone: sums of spoilt rows may not even be numbers.
        part(charges::transfers);
        part(charges::charges);
        BackingAudit backing = new BackingAudit(session, findings);
        part(backing::items);
        part(charges::balances);
        part(() -> session.each(AuditSql.ORPHANS, findings::found));
        WalletAudit wallets = new WalletAudit(session, findings);
        part(wallets::wallets);
        part(() -> {
            Purged purged = Purged.read(session, findings);
            charges.gone(purged);
            charges.beside(purged);
            wallets.spending(purged.firstWholeDay());
        });
        part(backing::charges);
        part(() -> new PaymentAudit(session, findings).run());
        part(new TokenAudit(session, findings, now)::run);
        part(this::sums);
        return new CheckReport(charges.transfersRead(), charges.chargesRead(), totals, findings.all());
    }

    /** Where rows are spoilt, it may be impossible to add them up; what was found before says why. */
    private void part(Part part) throws SQLException {
        session.execute("SAVEPOINT part");
        try {
            part.run();
        } catch (SQLException | RuntimeException e) {
            if (findings.none()) {
                throw e;
            }
            session.execute("ROLLBACK TO SAVEPOINT part");
            findings.found("ledger", "", "a part of the check could not run: " + e.getMessage());
        }
        session.execute("RELEASE SAVEPOINT part");
    }

    private void sums() throws SQLException {
        List<Totals> readable = new ArrayList<>();
        for (Totals total : Reports.totals(session)) {
            try {
                CurrencyId unused = new CurrencyId(total.currency());
                for (long amount :
                        List.of(total.treasury(), total.available(), total.held(), total.payees(), total.tokens())) {
                    Arguments.amount("its sum", Math.abs(amount));
                }
                if (total.sum() != 0) {
                    findings.found(
                            "account",
                            total.currency(),
                            "all accounts of the currency add up to " + total.sum() + ", not 0");
                }
                readable.add(total);
            } catch (IllegalArgumentException | ArithmeticException e) {
                findings.found("account", total.currency(), "the currency cannot be added up: " + e.getMessage());
            }
        }
        totals = List.copyOf(readable);
    }
}
