package org.farthing.server.method;

import java.util.List;
import java.util.Optional;
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
     * Tells whether an offer can be paid by this method at its present price. Asked for every 402; an offer that no method
     * covers is not made.
     *
     * @param offer what is charged
     * @return false if {@link #offer} must not be called with it
     */
    default boolean covers(Offer offer) {
        return true;
    }

    /**
     * Says why an offer with a fixed price could never be paid by this method, although it is meant for it, so that the server
     * refuses to start with it.
     *
     * @param offer what is charged
     * @return a clause and what to do, to follow "The price of …", such as {@code is …: change …}; empty if there is nothing
     *     to say
     */
    default Optional<String> objection(Offer offer) {
        return Optional.empty();
    }

    /**
     * Says how large proofs get, so that the server refuses to start where they do not fit into header sections.
     *
     * @return the bytes of the longest payload, as JSON; 0 if it is of the usual size, some hundred bytes
     */
    default int largestPayload() {
        return 0;
    }

    /**
     * Names the bearer values a credential presents. They are listed in the release statement of a charge that came to
     * nothing (F-OU-25), and their number stands in its receipt; a value itself must not be named, only a digest of it.
     *
     * @param presentation a credential that {@link #verify} found payable before
     * @return their names, 22 characters of base64url each; none if a credential is worth nothing to others
     */
    default List<String> serials(Presentation presentation) {
        return List.of();
    }

    /**
     * Says by which other authentication scheme of HTTP this method can be paid, too.
     *
     * @return the scheme; empty unless there is one
     */
    default Optional<OtherScheme> otherScheme() {
        return Optional.empty();
    }

    /**
     * Judges a proof: cheap checks first, then signatures.
     *
     * @param presentation the credential and what it was issued for
     * @return what the proof authorises
     */
    CompletionStage<Authorization> verify(Presentation presentation);
}
