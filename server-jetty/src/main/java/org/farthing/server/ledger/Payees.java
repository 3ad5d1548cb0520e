package org.farthing.server.ledger;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The payees a wallet service has registered (F-ST-87), with the key documents fetched from them. Nothing is fetched here. */
public interface Payees {

    /**
     * A payee that was put.
     *
     * @param payee the payee as it is now
     * @param added true if it was not registered before
     */
    record Put(Payee payee, boolean added) {}

    /**
     * Finds a payee.
     *
     * @param origin its origin
     * @return the payee, or empty if it is not registered
     */
    CompletionStage<Optional<Payee>> find(String origin);

    /**
     * Registers a payee, or changes it.
     *
     * @param origin its origin, at most 300 characters
     * @param deferred whether it may collect late
     * @param status whether it is paid
     * @param keyDocument its key document, fetched just now, at most 65,536 characters; null keeps the one there is
     * @return the payee as it is now
     * @throws IllegalArgumentException if a text is empty or too long
     */
    CompletionStage<Put> put(String origin, boolean deferred, Payee.Status status, @Nullable String keyDocument);

    /**
     * Replaces a payee's key document by one fetched just now.
     *
     * @param origin its origin
     * @param keyDocument the document, at most 65,536 characters
     * @return the payee as it is now, or empty if it is not registered
     * @throws IllegalArgumentException if the document is empty or too long
     */
    CompletionStage<Optional<Payee>> keys(String origin, String keyDocument);

    /**
     * Reads a page of all payees, ordered by origin.
     *
     * @param after the last origin of the page before; null for the first page
     * @param limit how many, 1 to 1000
     * @return the page; shorter than the limit, or empty, at the end
     * @throws IllegalArgumentException if the limit is out of range
     */
    CompletionStage<List<Payee>> list(@Nullable String after, int limit);
}
