package org.farthing.server.jetty;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An answer of a wallet route that is no refusal. Its text may hold a receipt token, so it is never logged.
 *
 * @param status the HTTP status
 * @param json the body
 */
record JsonReply(int status, String json) {

    static CompletionStage<JsonReply> stage(int status, String json) {
        return CompletableFuture.completedStage(new JsonReply(status, json));
    }

    /** The status alone. */
    @Override
    public String toString() {
        return "JsonReply[status=" + status + "]";
    }
}
