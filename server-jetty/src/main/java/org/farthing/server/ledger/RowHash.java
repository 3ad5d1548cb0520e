package org.farthing.server.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the immutable columns of a row, each with its length before it. It finds accidents and careless edits; whoever
 * can write the store can also write a fitting hash.
 */
final class RowHash {

    private RowHash() {}

    static String of(String table, @Nullable Object... columns) {
        MessageDigest digest = sha256();
        add(digest, "farthing " + table + " 1");
        for (Object column : columns) {
            add(digest, column);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }

    private static void add(MessageDigest digest, @Nullable Object column) {
        if (column == null) {
            digest.update(ByteBuffer.allocate(4).putInt(-1).array());
            return;
        }
        byte[] text = column.toString().getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(text.length).array());
        digest.update(text);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
