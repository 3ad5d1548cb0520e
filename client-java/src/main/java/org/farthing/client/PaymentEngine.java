package org.farthing.client;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Free;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.protocol.ChargeOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides and pays in front of any HTTP library: everything {@link PayingClient} does but the sending of requests, with the
 * same checks, limits, journal and pins (spec/client.md, F-CL-70). What sends is a {@link Carrier}. It is made by
 * {@link PayingClient.Builder#buildEngine}.
 *
 * <p>Safe to share between threads. Nothing here blocks the calling thread.
 */
public final class PaymentEngine {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);

    private final Payer payer;

    PaymentEngine(Payer payer) {
        this.payer = payer;
    }

    /**
     * What {@code Accept-Payment} is to say on every request.
     *
     * @return the field's value; empty if nobody is to be told
     */
    public Optional<String> acceptPayment() {
        return payer.acceptPayment();
    }

    /**
     * What {@code Payment-Pass} is to say on a request without a body and without a credential: the same was paid for before,
     * and the wallet that paid may have it again for nothing (spec/pass.md).
     *
     * @param method the request's method
     * @param uri what is asked for
     * @return the field's value; empty if there is no pass
     */
    public Optional<String> pass(String method, URI uri) {
        return payer.pass(method, uri);
    }

    /**
     * How long a request body may be to be held, and so to be paid for.
     *
     * @return bytes
     */
    public int mostBody() {
        return payer.settings().mostBody();
    }

    /**
     * The journal of this engine's payments.
     *
     * @return the journal
     */
    public SpendingJournal journal() {
        return payer.journal();
    }

    /**
     * Whether an answer to a request with a credential is to be held, up to a limit, because the same bytes or another payment
     * may follow (spec/outcome.md): also what any other status says is pending, for the caller gets one answer.
     *
     * @param status the status
     * @param outcomes the lines of its {@code Payment-Outcome}
     * @return false if it may go to the caller as it comes
     */
    public static boolean mayNotBeTheLast(int status, List<String> outcomes) {
        boolean pending =
                outcomes.stream().anyMatch(outcome -> outcome.strip().startsWith(ChargeOutcome.State.PENDING.token()));
        return status == 402 || status == 409 || status >= 500 || (pending && status / 100 != 2);
    }

    /**
     * Pays for an answer if it may, and sends the request again. One call is one logical request: it pays at most once by
     * itself, and once more against proof that the first payment was not charged.
     *
     * @param <A> the library's answers
     * @param carrier the request
     * @param unpaid a 402, with its body held
     * @return how it ended. It fails only where the program or its machine does; that the payment was declined is no failure.
     *     Cancelling it stops before the next step
     */
    public <A extends Reply> CompletableFuture<Settlement<A>> settle(Carrier<A> carrier, A unpaid) {
        Cancellation cancellation = new Cancellation(carrier::isStopped);
        return cancellation.stopsWith(new Purchase<>(payer, cancellation, carrier)
                .decide(unpaid)
                .thenApply(ended -> finished(payer, carrier.uri(), ended)));
    }

    /**
     * Takes up an open payment: sends the stored bytes again, and gets what was paid for.
     *
     * @param <A> the library's answers
     * @param payment an open payment of this engine's journal
     * @param carrier the request that was paid for, with its body
     * @return how it ended; fails with an {@link IllegalStateException} if the payment is over, with an
     *     {@link IllegalArgumentException} if the request is another, and with a {@link java.io.IOException} if the journal
     *     cannot be relied on
     */
    public <A extends Reply> CompletableFuture<Settlement<A>> resume(JournalEntry payment, Carrier<A> carrier) {
        Cancellation cancellation = new Cancellation(carrier::isStopped);
        return cancellation.stopsWith(
                new Resumption<>(payer, cancellation, payment, entry -> CompletableFuture.completedFuture(carrier))
                        .start());
    }

    /**
     * Tells the listener of a request that was answered without asking for money.
     *
     * @param uri what was asked for
     */
    public void free(URI uri) {
        payer.tell(new PaymentEvent.Finished(uri, new Free()));
    }

    static <A extends Reply> Settlement<A> finished(Payer payer, URI uri, Settlement<A> ended) {
        if (ended.outcome() instanceof Declined declined) {
            LOG.info("Not paid at {}: {} ({})", uri.getRawAuthority(), declined.why(), declined.words());
        }
        payer.tell(new PaymentEvent.Finished(uri, ended.outcome()));
        return ended;
    }

    /** Shows the purse's directory, and nothing of what is in it. */
    @Override
    public String toString() {
        return "PaymentEngine[" + payer.purse() + "]";
    }
}
