package org.farthing.conformance.suite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what the report shows: credentials, receipts, bearer tokens, cookies. In their place stands how long they
 * were and the first letters of their SHA-256, so that two that are the same can be seen to be.
 */
public final class Redaction {

    private static final Pattern FIELD = Pattern.compile(
            "(?im)^((?:authorization|proxy-authorization|payment-authorization|payment-receipt|payment-release|payment-pass|cookie"
                    + "|set-cookie):[ \\t]*(?:[a-z]+[ \\t]+)?+)(?!<[0-9]+ characters, SHA-256 )(\\S[^\\r\\n]*)");
    /** A credential outside its field: in a command for a shell, in a sentence. A challenge has a space or a = instead. */
    private static final Pattern LOOSE = Pattern.compile("(?i)(\\b(?:payment|bearer)[ \\t]+|payment-receipt:[ \\t]*)"
            + "([A-Za-z0-9_+/-]{24,}={0,2}(?![A-Za-z0-9_+/=-]))(?![ \\t]*\")");

    // Begins where a run of letters begins and never gives one back, so that a long body is read once.
    private static final Pattern JWS =
            Pattern.compile("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{16,}+\\.[A-Za-z0-9_-]*+\\.[A-Za-z0-9_-]{40,}+");

    private Redaction() {}

    /** A message (its head, and its body if it has one) or a sentence without its secrets; nothing changes if it is done again. */
    public static String message(String text) {
        String fields = FIELD.matcher(text).replaceAll(found -> replacement(found.group(1), found.group(2)));
        String loose = LOOSE.matcher(fields).replaceAll(found -> replacement(found.group(1), found.group(2)));
        return JWS.matcher(loose).replaceAll(found -> Matcher.quoteReplacement(shown(found.group())));
    }

    private static String replacement(String before, String secret) {
        return Matcher.quoteReplacement(before + shown(secret));
    }

    /** What stands for a secret. */
    public static String shown(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return "<" + secret.length() + " characters, SHA-256 "
                    + HexFormat.of().formatHex(digest, 0, 4) + "…>";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
