package org.farthing.server.collect;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.server.collect.ReconciliationReport.Difference;
import org.farthing.server.ledger.BackedCharge;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.ChargeState;
import org.farthing.server.ledger.OutboxBooks;
import org.farthing.server.ledger.OutboxItem;
import org.jspecify.annotations.Nullable;

/**
 * Compares a payee's books with those of a wallet service, payment by payment and to the base unit (specification:
 * wallet-service.md, F-WS-80 to F-WS-83). It only reads.
 *
 * <p>Charges are read in pages; of the service's payments a few dozen bytes each are kept. Blocks its thread for as long as it
 * takes: for command lines and tests.
 */
public final class Reconciliation {

    private static final int PAGE = 1000;

    private final OutboxBooks outbox;
    private final ServiceCalls calls;
    private final Origin service;
    private final Origin payee;
    private final ServiceTable theirs = new ServiceTable();
    private final Set<String> failed = new HashSet<>();
    private final ReconciliationReport.Collector report = new ReconciliationReport.Collector();

    private Reconciliation(OutboxBooks outbox, ServiceCalls calls, Origin service, Origin payee) {
        this.outbox = outbox;
        this.calls = calls;
        this.service = service;
        this.payee = payee;
    }

    /**
     * Compares.
     *
     * @param outbox the payee's charges and what waits; nobody writes it meanwhile
     * @param calls how the service is asked
     * @param service the wallet service
     * @param payee the payee
     * @param keptSince payments the service signed before this may be older than what the payee's ledger keeps: they are
     *     counted and not compared where the ledger does not know them
     * @return what agrees, what is pending and what differs
     * @throws ServiceCallException if the service does not answer
     */
    public static ReconciliationReport compare(
            OutboxBooks outbox, ServiceCalls calls, Origin service, Origin payee, Instant keptSince)
            throws ServiceCallException {
        Reconciliation work = new Reconciliation(outbox, calls, service, payee);
        work.readService();
        work.readFailed();
        work.readCharges();
        if (work.report.matchedSoFar() < work.theirs.size()) {
            work.readStrangers(keptSince);
        }
        return work.report.report();
    }

    private void readService() throws ServiceCallException {
        String cursor = null;
        do {
            PaymentsPage page = page(cursor);
            page.payments().forEach(theirs::add);
            cursor = page.next();
        } while (cursor != null);
    }

    private PaymentsPage page(@Nullable String cursor) throws ServiceCallException {
        try {
            return await(calls.payments(service, payee, cursor, PAGE));
        } catch (CompletionException e) {
            if (Causes.of(e) instanceof ServiceCallException away) {
                throw away;
            }
            throw e;
        }
    }

    private void readFailed() {
        long after = 0;
        List<OutboxItem> page;
        do {
            page = await(outbox.items(OutboxItem.State.FAILED, after, PAGE));
            for (OutboxItem item : page) {
                failed.add(item.tokenId());
                after = item.seq();
            }
        } while (page.size() == PAGE);
    }

    private void readCharges() {
        String after = null;
        List<BackedCharge> page;
        do {
            page = await(outbox.charges(service.text(), after, PAGE));
            for (BackedCharge backed : page) {
                after = backed.tokenId();
                if (backed.charge().terms().payee().equals(payee.text())) {
                    compare(backed);
                }
            }
        } while (page.size() == PAGE);
    }

    // ---- one payment ---------------------------------------------------------------------------------------------

    private void compare(BackedCharge backed) {
        Charge charge = backed.charge();
        String currency = charge.terms().currency();
        ServiceTable.Row row = theirs.find(
                charge.challengeId(), backed.tokenId(), currency, charge.terms().amount());
        long here = charge.captured() - charge.refunded() - backed.writtenOff();
        if (row == null) {
            missingThere(backed, here);
            return;
        }
        report.matched();
        long there = row.captured() - row.refunded();
        if (!row.sameTerms()) {
            differ(backed, here, there, "another challenge, currency or amount there");
        } else if (isSettled(backed, row) && here == there) {
            report.agreed(currency, here);
        } else if (isPending(backed, row)) {
            report.pending(
                    currency,
                    Math.max(
                            here,
                            charge.state() == ChargeState.HELD ? charge.terms().amount() : 0));
        } else {
            differ(backed, here, there, charge.state() + " here, " + row.state() + " there");
        }
    }

    /** Neither side has anything to do any more. What was refunded before it was collected is in neither sum there. */
    private static boolean isSettled(BackedCharge backed, ServiceTable.Row row) {
        return backed.charge().state() != ChargeState.HELD && backed.unfinished() == 0 && row.state() != State.HELD;
    }

    /** What waits here will make both sides the same, as far as can be told now. */
    private boolean isPending(BackedCharge backed, ServiceTable.Row row) {
        Charge charge = backed.charge();
        if (failed.contains(backed.tokenId())) {
            return false;
        }
        if (charge.state() == ChargeState.HELD) {
            return row.state() == State.HELD || row.state() == State.EXPIRED;
        }
        if (backed.unfinished() == 0) {
            return false;
        }
        boolean captureWaits = row.state() == State.HELD;
        boolean answerLost = (row.state() == State.RELEASED || row.state() == State.EXPIRED)
                && charge.captured() == charge.refunded();
        boolean refundWaits = row.state() == State.CAPTURED
                && row.captured() - row.refunded() >= charge.captured() - charge.refunded();
        return captureWaits || answerLost || refundWaits;
    }

    private void missingThere(BackedCharge backed, long here) {
        if (here == 0 && backed.unfinished() == 0 && backed.charge().state() != ChargeState.HELD) {
            report.agreed(backed.charge().terms().currency(), 0);
        } else {
            differ(backed, here, 0, backed.charge().state() + " here, unknown there");
        }
    }

    private void differ(BackedCharge backed, long here, long there, String what) {
        Charge charge = backed.charge();
        report.differs(new Difference(
                backed.tokenId(), charge.challengeId(), charge.terms().currency(), here, there, what));
    }

    // ---- what only the service has -------------------------------------------------------------------------------

    /** A second reading, because the first kept no names. */
    private void readStrangers(Instant keptSince) throws ServiceCallException {
        String cursor = null;
        do {
            PaymentsPage page = page(cursor);
            for (ServicePayment payment : page.payments()) {
                if (!theirs.wasFound(payment.tokenId())) {
                    stranger(payment, keptSince);
                }
            }
            cursor = page.next();
        } while (cursor != null);
    }

    private void stranger(ServicePayment payment, Instant keptSince) {
        String currency = payment.currency().text();
        long there = payment.captured().baseUnits() - payment.refunded().baseUnits();
        if (payment.state() == State.HELD) {
            report.pending(currency, payment.amount().baseUnits());
        } else if (there == 0) {
            report.agreed(currency, 0);
        } else if (payment.issued().isBefore(keptSince)) {
            report.tooOld();
        } else {
            report.differs(new Difference(
                    payment.tokenId(), payment.challengeId(), currency, 0, there, "unknown here, CAPTURED there"));
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
