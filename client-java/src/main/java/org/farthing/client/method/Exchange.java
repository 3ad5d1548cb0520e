package org.farthing.client.method;

import java.time.Duration;
import org.farthing.protocol.Credential;
import org.farthing.protocol.ProblemType;
import org.jspecify.annotations.Nullable;

/** What came of taking an order to a wallet service. No message of it holds a secret. */
public sealed interface Exchange {

    /**
     * The service holds the money, and its statement holds: this is what the payee gets.
     *
     * @param credential the credential, a secret
     */
    record Paid(Credential credential) implements Exchange {}

    /**
     * The service said no: it holds nothing for this order.
     *
     * @param why its reason
     * @param words for people: what it said, and what helps
     */
    record Refused(ProblemType why, String words) implements Exchange {}

    /**
     * No connection could be made: no byte of the order left.
     *
     * @param words why
     */
    record NeverLeft(String words) implements Exchange {}

    /**
     * Whether the service holds the money is not known. The same order may be sent again.
     *
     * @param words why
     * @param retryAfter how long the service asks to wait, or null
     */
    record Unclear(String words, @Nullable Duration retryAfter) implements Exchange {}

    /**
     * The service answered with something that pays nothing, and would do so again. It may hold the money all the same.
     *
     * @param words what is wrong with the answer
     */
    record Unusable(String words) implements Exchange {}
}
