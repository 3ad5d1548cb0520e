package org.farthing.server.ledger;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The hash of an act with tokens: over its own columns, and over its tokens and messages in their order. */
final class TokenActHash {

    private final MessageDigest parts = RowHash.sha256();

    void used(int epoch, byte[] serial) {
        add('u', epoch, serial);
    }

    void signed(int epoch, byte[] message) {
        add('s', epoch, message);
    }

    private void add(char what, int epoch, byte[] bytes) {
        parts.update((byte) what);
        parts.update(ByteBuffer.allocate(8).putInt(epoch).putInt(bytes.length).array());
        parts.update(bytes);
    }

    /** To be called once, when all parts are in. */
    String of(String kind, String owner, int epoch, long value, long firstOver, long keepUntil) {
        return RowHash.of(
                "token_use", kind, owner, epoch, value, firstOver, keepUntil, TokenBytes.encode(parts.digest()));
    }
}
