package org.farthing.server.ledger;

import java.nio.file.Path;

/**
 * A copy of a store.
 *
 * @param file the copy
 * @param bytes its size
 * @param version the version of its schema
 */
public record StoreCopy(Path file, long bytes, int version) {}
