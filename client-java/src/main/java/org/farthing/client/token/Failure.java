package org.farthing.client.token;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What is inside the wrappers of futures. */
final class Failure {

    private Failure() {}

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
