package org.farthing.server.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The administrator's bearer: the credential that may top up wallets over HTTP (protocol: wallet routes). At least 32
 * bytes, kept in a file that only its owner can read.
 *
 * <p>Only the SHA-256 of it stays in memory, and a presented text is compared digest to digest in constant time, so
 * neither a heap dump nor a stopwatch gives it away. {@link #toString()} says nothing. Immutable, safe to share.
 */
public final class AdminBearer {

    /** The fewest characters a bearer may have. */
    public static final int FEWEST_BYTES = 32;

    /** RFC 6750 section 2.1: what can stand after {@code Bearer}. */
    private static final Pattern B64TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{32,512}={0,2}");

    /** SHA-256 of the bearer's ASCII bytes. */
    private final byte[] digest;

    private AdminBearer(byte[] digest) {
        this.digest = digest;
    }

    /**
     * Takes a bearer that the caller keeps elsewhere, for instance in a secret store.
     *
     * @param bearer 32 to 512 characters of {@code A-Z a-z 0-9 . _ ~ + / -}, chosen at random
     * @return the bearer, ready to compare
     * @throws IllegalArgumentException if it is shorter or has other characters; the message does not quote it
     */
    public static AdminBearer of(String bearer) {
        if (!B64TOKEN.matcher(bearer).matches()) {
            throw new IllegalArgumentException("An administrator bearer has 32 to 512 characters of A-Z a-z 0-9 . _ ~"
                    + " + / - (at the end also =). Make a random one: openssl rand -hex 32");
        }
        if (bearer.chars().distinct().count() < 8) {
            throw new IllegalArgumentException(
                    "This administrator bearer repeats a few characters. Make a random one: openssl rand -hex 32");
        }
        return new AdminBearer(sha256(bearer));
    }

    /**
     * Reads a bearer from an owner-only file: one line, white space around it ignored.
     *
     * @param file the file, such as {@code admin.bearer} in the key folder
     * @return the bearer, ready to compare
     * @throws IOException if the file cannot be read, is open to other users, or holds no usable bearer
     */
    public static AdminBearer read(Path file) throws IOException {
        try {
            return of(readText(file));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(file + ": " + e.getMessage());
        }
    }

    /**
     * Reads the text of a bearer from an owner-only file, for a program that has to send it.
     *
     * @param file the file
     * @return the bearer itself: secret, not for logs
     * @throws IOException if the file cannot be read or is open to other users
     */
    public static String readText(Path file) throws IOException {
        return new String(OwnerOnly.read(file), StandardCharsets.US_ASCII).strip();
    }

    /**
     * Tells whether a presented text is this bearer, in time that does not depend on how much of it is right.
     *
     * @param presented what the request carried after {@code Bearer}
     * @return true if it is the same
     */
    public boolean matches(String presented) {
        return MessageDigest.isEqual(digest, sha256(presented));
    }

    /** Returns nothing secret. */
    @Override
    public String toString() {
        return "AdminBearer[redacted]";
    }

    /** Makes the text of a new bearer: 32 random bytes, base64url. */
    static String generate(SecureRandom random) {
        byte[] bytes = new byte[FEWEST_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
