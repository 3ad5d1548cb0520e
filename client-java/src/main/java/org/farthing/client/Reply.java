package org.farthing.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An answer as a payment sees it, whatever HTTP library it came with. */
public interface Reply {

    /**
     * The status.
     *
     * @return the status of the final answer, never a 1xx
     */
    int status();

    /**
     * The lines of a field, in their order.
     *
     * @param field the field's name, in any case
     * @return the values; empty if the answer does not have the field
     */
    List<String> values(String field);

    /**
     * The body, if it is held back because the answer may not be the last one.
     *
     * @return at least the beginning of it; null if it is on its way to the caller
     */
    byte @Nullable [] heldBody();

    /**
     * Tells when the last byte is with the caller, or held.
     *
     * @return completes then; fails if the connection broke before
     */
    CompletableFuture<Boolean> arrived();
}
