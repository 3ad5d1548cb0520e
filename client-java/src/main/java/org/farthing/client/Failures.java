package org.farthing.client;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Takes failures out of what futures wrap around them. */
final class Failures {

    private Failures() {}

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Why something failed. Our own exceptions say it in words; of others only the kind is told, not what they quote. */
    static String words(Throwable failure) {
        Throwable cause = cause(failure);
        String message = cause.getMessage();
        boolean ours = cause.getClass().getName().startsWith("org.farthing.");
        return ours && message != null ? message : cause.getClass().getSimpleName();
    }
}
