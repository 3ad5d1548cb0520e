package org.farthing.conformance.server;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The {@code digest} parameter (RFC 9530). */
final class Digests {

    private Digests() {}

    /** The digest of a body, in the draft's form. */
    static String of(byte @Nullable [] body) {
        return "sha-256=:" + base64(body) + ":";
    }

    /** Whether a parameter is that digest, in the draft's form or the one without colons that SDKs send. */
    static boolean matches(String parameter, byte @Nullable [] body) {
        return parameter.equals(of(body)) || parameter.equals("sha-256=" + base64(body));
    }

    private static String base64(byte @Nullable [] body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body == null ? new byte[0] : body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
