package org.farthing.client;

import org.jspecify.annotations.Nullable;

/**
 * How a request ended.
 *
 * @param <A> the answers of the HTTP library
 * @param outcome what became of the money
 * @param answer the last answer: the unpaid one where nothing was paid; null only where none came
 *     ({@link PaymentOutcome.Unknown}) or none was asked for ({@link PaymentOutcome.NotCharged} of a resumed payment)
 */
public record Settlement<A extends Reply>(
        PaymentOutcome outcome, @Nullable A answer) {}
