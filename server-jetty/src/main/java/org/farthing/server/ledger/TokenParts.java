package org.farthing.server.ledger;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** A hash over the tokens and messages of an act, in the order of their keys and bytes, tokens first. */
final class TokenParts {

    /** What the check can tell apart is enough: who can write the store can write a fitting hash. */
    private static final int KEPT = 16;

    private final MessageDigest digest = RowHash.sha256();

    void used(int epoch, byte[] serial) {
        add('u', epoch, serial);
    }

    void signed(int epoch, byte[] message) {
        add('s', epoch, message);
    }

    private void add(char what, int epoch, byte[] bytes) {
        digest.update((byte) what);
        digest.update(ByteBuffer.allocate(8).putInt(epoch).putInt(bytes.length).array());
        digest.update(bytes);
    }

    /** To be called once, when all parts are in. */
    String text() {
        return TokenBytes.encode(Arrays.copyOf(digest.digest(), KEPT));
    }
}
