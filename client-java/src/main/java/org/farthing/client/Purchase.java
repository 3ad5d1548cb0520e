package org.farthing.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.ChallengeCheck.Checked;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.PaymentOutcome.Unknown;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.Refusal;
import org.farthing.client.budget.Reservation;
import org.farthing.client.method.MeansTakenException;
import org.farthing.client.method.Price;
import org.farthing.client.purse.PurseException;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.RequestTarget;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a 402 to a payment, or to the reason why there is none: choose, check, ask, count, sign, send. */
final class Purchase<A extends Reply> {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);

    /** How often what a method pays with is looked for, where other payments at the same time are faster. */
    private static final int MOST_PREPARATIONS = 16;

    private final Payer payer;
    private final Cancellation cancellation;
    private final Carrier<A> carrier;

    Purchase(Payer payer, Cancellation cancellation, Carrier<A> carrier) {
        this.payer = payer;
        this.cancellation = cancellation;
        this.carrier = carrier;
    }

    /** A payment that was made before for the same request, and proved not to have been charged. */
    private record First(NotCharged outcome, Price price, String method, String intent) {}

    /** A payment that is counted, signed and stored. */
    private record Ready(Checked checked, JournalEntry entry, String token68) {}

    /** Pays for the answer if it may, and gives the last answer either way. */
    CompletableFuture<Settlement<A>> decide(A unpaid) {
        return CompletableFuture.completedFuture(unpaid)
                .thenCompose(answer -> prepare(answer, null))
                .thenCompose(ready -> pay(ready, null, unpaid))
                .exceptionally(failure -> new Payment.Ended<>(notPaid(failure), unpaid, false))
                .thenApply(ended -> settled(ended, unpaid));
    }

    /** Whatever failed before anything was signed: the caller gets the 402, and a reason (F-CL-50). */
    private static Declined notPaid(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof DeclinedException declined) {
            return declined.declined();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        LOG.warn("A payment was not made: {}", cause.getClass().getName());
        return new Declined(DeclineReason.PAYER_FAILED, "the client failed: " + Failures.words(cause), null);
    }

    private Settlement<A> settled(Payment.Ended<A> ended, A unpaid) {
        boolean nothingPaid = ended.response() == null && ended.outcome() instanceof NotCharged;
        return new Settlement<>(ended.outcome(), nothingPaid ? unpaid : ended.response());
    }

    private CompletableFuture<Payment.Ended<A>> pay(Ready ready, @Nullable First first, A unpaid) {
        Checked checked = ready.checked();
        return CompletableFuture.completedFuture(ready)
                .thenCompose(signed ->
                        WalletExchange.of(payer, cancellation, signed.entry(), checked.challenge(), signed.token68()))
                .thenCompose(exchanged -> exchanged instanceof WalletExchange.Result.Over over
                        ? CompletableFuture.completedFuture(new Payment.Ended<>(over.outcome(), unpaid, false))
                        : send(checked, ready.entry(), ((WalletExchange.Result.Ready) exchanged).token68(), first))
                .exceptionallyCompose(failure -> afterSigning(failure, ready.entry(), unpaid));
    }

    /** What fails once an order is signed hides neither the answer nor the payment, which stays open to be resumed. */
    private CompletableFuture<Payment.Ended<A>> afterSigning(Throwable failure, JournalEntry entry, A unpaid) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof DeclinedException || cause instanceof Error) {
            return CompletableFuture.failedFuture(cause);
        }
        LOG.warn(
                "Payment {} stays open in the journal: {}",
                entry.id(),
                cause.getClass().getName());
        Unknown unknown = new Unknown(entry, "the client failed: " + Failures.words(cause));
        return CompletableFuture.completedFuture(new Payment.Ended<>(unknown, unpaid, false));
    }

    private CompletableFuture<Payment.Ended<A>> send(
            Checked checked, JournalEntry entry, String token68, @Nullable First first) {
        Payment<A> payment =
                new Payment<>(payer, cancellation, entry, checked.challenge(), checked.keys(), token68, carrier);
        return payment.send().thenCompose(ended -> {
            keepPass(checked, ended.outcome());
            Optional<First> visit = first == null ? refusedVisit(checked, ended) : Optional.empty();
            if (visit.isPresent()) {
                return payAgain(ended, visit.get());
            }
            boolean again = first == null && ended.again() && ended.response() != null;
            return again && ended.outcome() instanceof NotCharged outcome
                    ? payAgain(
                            ended,
                            new First(
                                    outcome,
                                    checked.price(),
                                    checked.challenge().method(),
                                    checked.challenge().intent()))
                    : CompletableFuture.completedFuture(ended);
        });
    }

    private void keepPass(Checked checked, PaymentOutcome outcome) {
        if (!(outcome instanceof Served served) || served.receiptStatus() != ReceiptStatus.VALID) {
            return;
        }
        PaymentReceipt receipt = served.receipt();
        if (receipt != null) {
            Challenge paid = checked.challenge();
            payer.passes()
                    .keep(carrier.method(), carrier.uri(), receipt, checked.price(), paid.method(), paid.intent());
        }
    }

    /**
     * A pass that holds no more: the pass is forgotten, and the price that was paid then may be paid once more. The order that
     * was refused was over nothing, so no evidence is needed that nothing was taken (F-PA-22).
     */
    private Optional<First> refusedVisit(Checked checked, Payment.Ended<A> ended) {
        A answer = ended.response();
        boolean refused = checked.price().amount().equals(Amount.ZERO)
                && answer != null
                && answer.status() == 402
                && ended.outcome() instanceof NotCharged;
        return refused
                ? payer.passes()
                        .drop(carrier.method(), carrier.uri())
                        .map(kept ->
                                new First((NotCharged) ended.outcome(), kept.price(), kept.method(), kept.intent()))
                : Optional.empty();
    }

    /** The one more payment that proof allows; where it may not be made, the first one's outcome stands. */
    private CompletableFuture<Payment.Ended<A>> payAgain(Payment.Ended<A> ended, First first) {
        A answer = ended.response();
        if (answer == null) {
            throw new IllegalArgumentException("the first payment was answered");
        }
        return prepare(answer, first)
                .thenCompose(ready -> pay(ready, first, answer))
                .exceptionally(failure -> new Payment.Ended<>(
                        new NotCharged(
                                first.outcome().payment(), first.outcome().evidence(), notPaid(failure)),
                        answer,
                        false));
    }

    /** Finds a challenge that may be paid and makes the payment ready; fails with {@link DeclinedException}. */
    private CompletableFuture<Ready> prepare(A answer, @Nullable First first) {
        Challenge.Parsed parsed = Challenge.parseAll(answer.values("WWW-Authenticate"));
        payer.tell(new PaymentEvent.PaymentRequired(carrier.uri(), parsed.challenges(), parsed.rejected()));
        Optional<PaymentOutcome.Declined> refusal = carrier.refusal();
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(new DeclinedException(refusal.get()));
        }
        if (parsed.challenges().isEmpty()) {
            return CompletableFuture.failedFuture(
                    parsed.rejected().isEmpty()
                            ? new DeclinedException(DeclineReason.NO_CHALLENGE, "the answer has no payment challenge")
                            : new DeclinedException(
                                    DeclineReason.MALFORMED_CHALLENGE,
                                    "no challenge can be read: "
                                            + parsed.rejected().get(0).getMessage()));
        }
        RequestTarget target;
        try {
            target = RequestTarget.ofUri(carrier.method(), carrier.uri());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(
                    new DeclinedException(DeclineReason.REQUEST_UNSUPPORTED, String.valueOf(e.getMessage())));
        }
        ChallengeCheck check = new ChallengeCheck(payer, carrier, target);
        return firstPayable(check, new ChallengeOrder(payer).of(parsed.challenges()), first, null);
    }

    private CompletableFuture<Ready> firstPayable(
            ChallengeCheck check, List<Challenge> left, @Nullable First first, @Nullable DeclinedException why) {
        if (left.isEmpty() || cancellation.isCancelled()) {
            return CompletableFuture.failedFuture(
                    why != null ? why : new DeclinedException(DeclineReason.NOT_APPROVED, "the caller stopped it"));
        }
        Challenge challenge = left.get(0);
        return check.check(challenge)
                .thenCompose(checked -> withMeansAtHand(checked, first, MOST_PREPARATIONS))
                .exceptionallyCompose(failure -> {
                    if (!(Failures.cause(failure) instanceof DeclinedException declined)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    payer.tell(new PaymentEvent.Passed(challenge, declined.declined()));
                    // The reason that counts is that of the challenge the payer would have liked best.
                    DeclinedException best = why == null ? declined : why;
                    return isFinal(declined.declined().why())
                            ? CompletableFuture.failedFuture(declined)
                            : firstPayable(check, left.subList(1, left.size()), first, best);
                });
    }

    /**
     * The owner's no is one for every challenge; and where the way the owner wants is only out of order, a way that is
     * wanted less, perhaps from a wallet that does not exist, would cost more than waiting.
     */
    private static boolean isFinal(DeclineReason why) {
        return why == DeclineReason.NOT_APPROVED || why == DeclineReason.WALLET_UNREACHABLE;
    }

    /**
     * A wallet service that cannot be asked, and tokens that are not there, are found out before money is counted. Where another
     * payment takes them in between, they are looked for again (F-TK-179).
     */
    private CompletableFuture<Ready> withMeansAtHand(Checked checked, @Nullable First first, int left) {
        return Means.ready(payer, checked)
                .thenCompose(there -> payer.blocking(() -> commit(there, first)))
                .exceptionallyCompose(failure -> {
                    if (!(Failures.cause(failure) instanceof MeansTakenException taken)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    return left > 1 && !cancellation.isCancelled()
                            ? withMeansAtHand(checked, first, left - 1)
                            : CompletableFuture.failedFuture(
                                    new DeclinedException(DeclineReason.NO_TOKENS, Failures.words(taken)));
                });
    }

    private Ready commit(Checked checked, @Nullable First first) {
        if (first != null && !isNoWorse(checked, first)) {
            throw declined(DeclineReason.TERMS_CHANGED, "the new challenge asks for something else than the first");
        }
        askOwner(checked);
        JournalEntry entry =
                count(checked, first == null ? null : first.outcome().payment().id());
        admit(checked, entry);
        return sign(checked, entry);
    }

    /** Nobody is asked about what a budget refuses; and a yes to an offer that ended meanwhile pays nothing (F-CL-37). */
    private void askOwner(Checked checked) {
        if (!payer.policy().needsApproval(checked.proposal())) {
            return;
        }
        Optional<Refusal> no;
        try {
            no = payer.journal().wouldRefuse(payer.policy(), checked.proposal());
        } catch (IOException e) {
            throw declined(DeclineReason.JOURNAL_UNUSABLE, Failures.words(e));
        }
        no = no.or(() -> payer.policy().askOwner(checked.forApproval()));
        if (no.isPresent()) {
            throw new CompletionException(DeclinedException.of(no.get(), checked.proposal()));
        }
        if (!payer.clock().instant().isBefore(checked.expires())) {
            throw declined(DeclineReason.EXPIRED, "the offer ended before it was approved");
        }
    }

    /** An origin is pinned by its first payment, so not before that is counted (F-KY-60). */
    private void admit(Checked checked, JournalEntry entry) {
        try {
            new TrustCheck(payer).admit(checked);
        } catch (DeclinedException e) {
            giveBack(entry);
            throw new CompletionException(e);
        }
    }

    /** Same payee, currency, method and capture mode, and no higher amount (F-OU-11). */
    private static boolean isNoWorse(Checked checked, First first) {
        Price price = checked.price();
        return price.recipient().equals(first.price().recipient())
                && price.currency().equals(first.price().currency())
                && price.capture().equals(first.price().capture())
                && price.amount().compareTo(first.price().amount()) <= 0
                && checked.challenge().method().equals(first.method())
                && checked.challenge().intent().equals(first.intent());
    }

    private JournalEntry count(Checked checked, @Nullable String instead) {
        try {
            payer.purse().useJournal(payer.journal().id());
            Reservation reservation = payer.journal()
                    .reserve(
                            payer.policy(),
                            checked.proposal(),
                            checked.challenge(),
                            checked.expires(),
                            instead,
                            checked.price().service());
            if (reservation instanceof Reservation.Reserved reserved) {
                payer.tell(new PaymentEvent.Counted(reserved.entry()));
                return reserved.entry();
            }
            Refusal refusal = ((Reservation.Refused) reservation).refusal();
            throw new CompletionException(DeclinedException.of(refusal, checked.proposal()));
        } catch (PurseException e) {
            throw declined(DeclineReason.PURSE_UNUSABLE, Failures.words(e));
        } catch (IOException e) {
            throw declined(DeclineReason.JOURNAL_UNUSABLE, Failures.words(e));
        }
    }

    private Ready sign(Checked checked, JournalEntry entry) {
        try {
            String token68 = payer.journal().sign(entry, () -> {
                Credential credential = checked.method()
                        .credential(
                                checked.challenge(),
                                checked.price(),
                                checked.proposal().origin());
                payer.tell(new PaymentEvent.Signed(entry, credential.fingerprint()));
                return credential.token68();
            });
            payer.tell(new PaymentEvent.Stored(entry));
            return new Ready(checked, entry, token68);
        } catch (IOException e) {
            giveBack(entry);
            throw declined(DeclineReason.JOURNAL_UNUSABLE, Failures.words(e));
        } catch (MeansTakenException e) {
            giveBack(entry);
            throw e;
        } catch (RuntimeException e) {
            giveBack(entry);
            throw declined(DeclineReason.METHOD_UNSUPPORTED, "no credential can be made for the challenge");
        }
    }

    private void giveBack(JournalEntry entry) {
        try {
            payer.journal().neverSent(entry);
        } catch (IOException e) {
            LOG.warn("Payment {} was not sent, and counts until its challenge ends: {}", entry.id(), Failures.words(e));
        }
    }

    private static CompletionException declined(DeclineReason why, String words) {
        return new CompletionException(new DeclinedException(why, words));
    }
}
