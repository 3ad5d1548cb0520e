package org.farthing.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.farthing.protocol.binding.ContentDigest;

/**
 * One request that may have to be paid for, and how an HTTP library sends it again with a credential. Between its attempts a
 * carrier changes nothing: same method, same URI, same body.
 *
 * @param <A> the library's answers
 */
public interface Carrier<A extends Reply> {

    /**
     * The method.
     *
     * @return the method as sent
     */
    String method();

    /**
     * What is asked for.
     *
     * @return the absolute URI, after redirects
     */
    URI uri();

    /**
     * Why the request is not to be paid for, whatever is offered: it was redirected here from another origin, for example.
     *
     * @return the reason; empty if there is none
     */
    Optional<PaymentOutcome.Declined> refusal();

    /**
     * Whether something else than a payment stands in {@code Authorization}, or would be put there by the library.
     *
     * @return true if a credential in that field would take its place
     */
    boolean hasOwnAuthorization();

    /**
     * Whether the library would keep a credential in {@code Authorization} from arriving, whatever the caller allows.
     *
     * @return true if only {@code Payment-Authorization} can carry one
     */
    default boolean losesAuthorization() {
        return false;
    }

    /**
     * Whether the request goes to the origin itself and through no proxy.
     *
     * @return false if in doubt
     */
    boolean isDirect();

    /**
     * Whether the body can be sent again.
     *
     * @return true also for a request without a body
     */
    boolean isRepeatable();

    /**
     * The digest of a body that can be sent again, which the request carries in {@code Content-Digest}.
     *
     * @return the digest; empty if there is no body
     */
    Optional<ContentDigest> digest();

    /**
     * Whether the caller wants no further step: the request was broken off or its time is up, or the caller sees an answer
     * already.
     *
     * @return true to stop before the next step
     */
    default boolean isStopped() {
        return false;
    }

    /**
     * Sends the request once with a credential, which takes the place of whatever stands in its field, and follows no
     * redirect.
     *
     * @param field the field's name
     * @param credential the field's value
     * @param answerTimeout how long to wait for the answer if the request does not say
     * @return completes with the answer, at the earliest when its head is there; fails if none came. Cancelling it breaks the
     *     exchange off
     */
    CompletableFuture<A> pay(String field, String credential, Duration answerTimeout);
}
