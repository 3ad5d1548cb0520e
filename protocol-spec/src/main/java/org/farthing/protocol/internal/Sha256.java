package org.farthing.protocol.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The JDK's SHA-256, the fastest one there is on the JVM. */
public final class Sha256 {

    private Sha256() {}

    /** Returns a fresh digest for a text that arrives in pieces. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }

    /** Returns the hash of bytes. */
    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    /** Returns base64url of the hash of a text's UTF-8 bytes: how every hash stands in this protocol's JSON. */
    public static String base64url(String text) {
        return Base64Url.encode(of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
