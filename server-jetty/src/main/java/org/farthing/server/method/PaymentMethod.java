package org.farthing.server.method;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.PaymentRequest;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;

/**
 * One way to pay. {@code PaymentMethodContract} in the test kit shows what every implementation must do.
 *
 * <p><b>Threads.</b> All operations are called from several threads at once, often a container's: none may block.
 *
 * <p><b>Security guarantees.</b> The gate calls {@link #verify} only with credentials whose challenge this server issued for
 * this very request, so an implementation does public-key work for its own offers only (T40). A stage that is null, fails, or
 * completes with null refuses: nothing is served and nothing moves. What a method returns is compared with the challenge
 * again: it cannot move more than was offered, in another currency, or to another payee.
 *
 * <p><b>Not guaranteed.</b> The gate calls {@link #verify} again for the same credential when a client resends it, and after
 * the payer's record changed: verifying must have no effect.
 */
public interface PaymentMethod {

    /**
     * Names the method.
     *
     * @return the name in challenges
     */
    MethodId id();

    /**
     * Says what the method can be used for.
     *
     * @return at least one intent
     */
    Set<Intent> intents();

    /**
     * Makes a challenge's request.
     *
     * @param offer what is charged
     * @param facts the request it is charged for
     * @return the request: the offer's amount and currency, and as recipient the origin of the facts
     */
    PaymentRequest offer(Offer offer, RequestFacts facts);

    /**
     * Tells whether a challenge's request is one of this method's. Several methods may have one name, such as orders and
     * receipts of method {@code wallet}: a credential goes to the first of that name that takes the request it answers. The
     * request comes from a challenge this server issued.
     *
     * @param request the request, read from the text the challenge id binds
     * @return true for every request that {@link #offer} makes, and false for those of other methods of the same name
     */
    default boolean takes(PaymentRequest request) {
        return true;
    }

    /**
     * Tells whether {@link #offer} may be called before anybody asks, and its result be used up to half a minute later: it
     * depends on nothing but what it is given, and making a request that is never used costs nothing. Then challenges are
     * prepared for busy pages (spec/challenge.md, F-CH-46).
     *
     * @return false for a method that makes something for each request, such as an invoice
     */
    default boolean offersAhead() {
        return false;
    }

    /**
     * Tells whether {@link #verify} names the same payer for every payment of one wallet. Only then can a wallet that paid
     * come again with a pass (spec/pass.md); {@link #offer} of such a method writes the pass of the offer, in whole seconds,
     * into {@code methodDetails.pass}.
     *
     * @return false unless said otherwise
     */
    default boolean knowsPayers() {
        return false;
    }

    /**
     * Judges a proof: cheap checks first, then signatures.
     *
     * @param presentation the credential and what it was issued for
     * @return what the proof authorises
     */
    CompletionStage<Authorization> verify(Presentation presentation);
}
