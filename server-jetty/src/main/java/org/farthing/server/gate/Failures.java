package org.farthing.server.gate;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Unwraps what stages wrap. */
final class Failures {

    private Failures() {}

    static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }
}
