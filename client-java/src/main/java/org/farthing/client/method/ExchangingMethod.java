package org.farthing.client.method;

import java.util.concurrent.CompletableFuture;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.ReleaseStatement;

/**
 * A way to pay with a step in between: what is signed goes to a wallet service, and what the service answers goes to the
 * payee. {@link #credential} makes the first of the two, an order in the form of a credential that no payee accepts; the
 * paying client stores it before it is sent anywhere, and stores what it was exchanged for before that is sent to the payee.
 *
 * <p>What an implementation must keep besides the rules of {@link PaymentMethod}: {@link #read} names the service in
 * {@link Price#service()}, one its owner chose and never one that only the challenge names; the exchange is idempotent, with
 * the very bytes it is given, and signs no second order; no future blocks the thread that asks for it.
 */
public interface ExchangingMethod extends PaymentMethod {

    /**
     * Tells whether the owner still wants a wallet service to be contacted.
     *
     * @param service the service of a payment
     * @return false if it was never chosen, or is not any more
     */
    boolean contacts(Origin service);

    /**
     * Looks whether a service could be asked and its answers be checked, before anything is counted or signed for it.
     *
     * @param service a service that {@link #read} named
     * @return completes with the service; fails with an {@link java.io.IOException} that says why not
     */
    CompletableFuture<Origin> ready(Origin service);

    /**
     * Tells the two steps apart.
     *
     * @param token68 a stored credential
     * @return true for an order that still has to be exchanged, false for what the payee gets
     */
    boolean isOrder(String token68);

    /**
     * Takes an order to the wallet service, and brings back what the payee gets, checked.
     *
     * @param challenge the challenge, with its signature
     * @param token68 the stored order
     * @param service the service it was signed for
     * @return completes with what came of it; it does not fail
     */
    CompletableFuture<Exchange> exchange(Challenge challenge, String token68, Origin service);

    /**
     * Asks the wallet service what became of a payment.
     *
     * @param challenge its challenge
     * @param service the service its order was signed for
     * @return completes with what the service says; it does not fail
     */
    CompletableFuture<Standing> standing(Challenge challenge, Origin service);

    /**
     * Shows the wallet service a payee's release statement, so that it gives the money back now.
     *
     * @param statement the statement
     * @param service the service the order was signed for
     * @return completes with what the service says after it; it does not fail
     */
    CompletableFuture<Standing> release(ReleaseStatement statement, Origin service);
}
