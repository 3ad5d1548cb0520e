package org.farthing.server.method;

import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.MalformedException;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Another authentication scheme of HTTP by which a method can be paid, for clients that do not know {@code Payment}
 * (spec/token-payment.md, F-TK-63 to F-TK-68). It is offered on routes that say so, for prices one proof pays.
 *
 * <p>Its challenge is not bound to a request. What comes back is therefore verified like any proof of the method, at the price
 * of the moment, and claimed under a name made of the proof and of the request it came with.
 *
 * <p><b>Threads.</b> Called from several threads at once: nothing may block.
 */
public interface OtherScheme {

    /**
     * Names the scheme.
     *
     * @return as in {@code WWW-Authenticate}; compared in any case
     */
    String name();

    /**
     * Makes the challenge.
     *
     * @param offer what is charged
     * @param facts the request it is charged for
     * @return the value of a {@code WWW-Authenticate} field, or empty if this price cannot be paid so
     */
    Optional<String> challenge(Offer offer, RequestFacts facts);

    /**
     * Reads a credential.
     *
     * @param fieldValue the value of the field {@code Authorization}, of this scheme
     * @return the payload that a {@code Payment} credential of this method has for the same proof
     * @throws MalformedException if it cannot be read
     */
    Map<String, @Nullable Object> payload(String fieldValue) throws MalformedException;
}
