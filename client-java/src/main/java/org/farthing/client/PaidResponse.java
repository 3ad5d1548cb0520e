package org.farthing.client;

import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer, and what became of the money.
 *
 * @param <T> the type of the body
 * @param outcome what became of the money
 * @param answer the last answer of the server, as {@code java.net.http} would have given it; null only where none came
 *     ({@link PaymentOutcome.Unknown}) or none was asked for ({@link PaymentOutcome.NotCharged} of a resumed payment). The
 *     bodies of answers that might not have been the last ones (402, 409, 5xx, and any that says the payment is pending) are
 *     cut off after 64 KiB
 * @param isCutOff whether the body of this answer was
 */
public record PaidResponse<T>(
        PaymentOutcome outcome, @Nullable HttpResponse<T> answer, boolean isCutOff) {

    /**
     * The answer.
     *
     * @return the answer, or empty if there is none
     */
    public Optional<HttpResponse<T>> response() {
        return Optional.ofNullable(answer);
    }

    /** Shows status and outcome; headers and body may hold secrets. */
    @Override
    public String toString() {
        return "PaidResponse[" + (answer == null ? "no answer" : answer.statusCode()) + ", " + outcome + "]";
    }
}
