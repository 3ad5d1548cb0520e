package org.farthing.server.ledger;

/**
 * What a migration came to.
 *
 * @param from the version the store had; 0 if it had no books
 * @param to the version it has now
 */
public record SchemaChange(int from, int to) {}
