package org.farthing.client.method;

import java.time.Duration;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.ChallengeVerifier;

/**
 * One way to pay: which challenges it can answer, what they ask, and the proof. The paying client has verified the
 * challenge, asked the policy and counted the money before it lets a method sign.
 *
 * <p>What an implementation must keep: {@link #read} does no I/O and decides on amount, currency and recipient only, never on
 * a description; {@link #credential} commits to no more than {@link Price#amount()}, for this challenge, to this recipient;
 * secrets never show in messages. Both may be called by several threads at once.
 */
public interface PaymentMethod {

    /**
     * The method's name in challenges.
     *
     * @return such as {@code wallet}
     */
    String method();

    /**
     * The intent it can answer.
     *
     * @return such as {@code charge}
     */
    String intent();

    /**
     * Tells whether it can answer challenges of a method and intent at all. Those of its own names, unless it learns its names
     * from the wire only, such as one that hands every challenge to another program.
     *
     * @param method a challenge's method
     * @param intent the challenge's intent
     * @return true if {@link #takes} and {@link #read} are to be asked
     */
    default boolean speaks(String method, String intent) {
        return method().equals(method) && intent().equals(intent);
    }

    /**
     * How far ahead an offer may end: 10 minutes by this protocol's rules. Methods of others may let unsigned offers live
     * longer; signed ones never do.
     *
     * @return the longest time
     */
    default Duration longestOffer() {
        return ChallengeVerifier.MAX_LIFETIME;
    }

    /**
     * Tells whether it pays with what was bought before, such as tokens. The budget counted that money when it was bought, so
     * such payments have books of their own: every limit holds for them too, and none is used up twice.
     *
     * @return true if no wallet is debited
     */
    default boolean isPrepaid() {
        return false;
    }

    /**
     * Tells whether a challenge of this method and intent is one for this implementation. Several may have one name, such as
     * orders and receipts of method {@code wallet}; the first in the client's list that takes a challenge answers it.
     *
     * @param challenge a challenge of this method and intent
     * @return false if it is meant for another implementation; true also where it cannot be read, which {@link #read} says
     */
    default boolean takes(Challenge challenge) {
        return true;
    }

    /**
     * Reads what a challenge asks.
     *
     * @param challenge a challenge of this method and intent
     * @return the price
     * @throws MalformedException if the request does not follow the method's rules
     * @throws UnpayableException if it is well formed and asks for something this payer does not have
     */
    Price read(Challenge challenge) throws MalformedException, UnpayableException;

    /**
     * Makes the proof. Called under the journal's lock, once per payment: no network, no waiting for people.
     *
     * @param challenge the challenge
     * @param price what {@link #read} found in it
     * @param origin the origin of the request
     * @return the credential
     * @throws MeansTakenException if another payment took what {@link PreparingMethod#prepare} found; it is prepared again then
     */
    Credential credential(Challenge challenge, Price price, Origin origin);
}
