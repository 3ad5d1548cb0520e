package org.farthing.conformance.report;

import java.io.IOException;

/**
 * Makes what a suite's cases work with, when the run begins; with {@code --list} it is never asked.
 *
 * @param <S> what is made; closed after the run if it is {@link AutoCloseable}
 */
@FunctionalInterface
public interface Opening<S> {

    /**
     * Makes it.
     *
     * @return the subject
     * @throws IOException when it cannot be made, with a message for people; the command ends with exit code 2
     */
    S open() throws IOException;
}
