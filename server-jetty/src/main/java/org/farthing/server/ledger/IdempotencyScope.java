package org.farthing.server.ledger;

/**
 * An {@code Idempotency-Key} as the ledger sees it (F-RE-31 to F-RE-33, S45): two hashes made by the gate, so the key itself
 * is never stored. The claim of the scope is part of the same transaction as the claim of the challenge.
 *
 * @param scope hash of wallet, origin, method, path and key
 * @param content hash of what must be the same when the key comes again: query and body
 */
public record IdempotencyScope(String scope, String content) {

    /**
     * Checks both hashes.
     *
     * @param scope as the record says
     * @param content as the record says
     * @throws IllegalArgumentException if one is empty or longer than 64 characters
     */
    public IdempotencyScope {
        Arguments.text("scope", scope, 64);
        Arguments.text("content", content, 64);
    }
}
