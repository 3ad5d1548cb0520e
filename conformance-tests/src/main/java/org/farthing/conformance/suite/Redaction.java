package org.farthing.conformance.suite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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

    /** Blind tokens, one after the other, by their type and their length. */
    private static final Pattern BLIND =
            Pattern.compile("(?<![A-Za-z0-9_-])(?:AAI[A-Za-z0-9_-]{469})+(?![A-Za-z0-9_-])");

    /** A JSON object in base64url, by how its first characters come out. */
    private static final Pattern TOKEN = Pattern.compile("e[wy][A-Za-z0-9_-]{40,}");

    private Redaction() {}

    /** A message (its head, and its body if it has one) or a sentence without its secrets; nothing changes if it is done again. */
    public static String message(String text) {
        String fields = FIELD.matcher(text).replaceAll(found -> replacement(found.group(1), found.group(2)));
        String loose = LOOSE.matcher(fields).replaceAll(found -> replacement(found.group(1), found.group(2)));
        String unspent = BLIND.matcher(loose).replaceAll(found -> Matcher.quoteReplacement(shown(found.group())));
        String tokens = TOKEN.matcher(unspent)
                .replaceAll(found ->
                        Matcher.quoteReplacement(isSecret(found.group()) ? shown(found.group()) : found.group()));
        return JWS.matcher(tokens).replaceAll(found -> Matcher.quoteReplacement(shown(found.group())));
    }

    /** Whether it is a credential or a receipt, wherever it stands: in a query, in a body, in a field of another name. */
    private static boolean isSecret(String token) {
        String json = new String(
                Base64.getUrlDecoder().decode(token.substring(0, token.length() - token.length() % 4)),
                StandardCharsets.UTF_8);
        return (json.contains("\"payload\"") && json.contains("\"challenge\""))
                || (json.contains("\"status\"") && json.contains("\"reference\"") && json.contains("\"timestamp\""));
    }

    /** Whether blind tokens stand in a text: whoever has it may spend them. */
    public static boolean holdsTokens(String text) {
        return BLIND.matcher(text).find();
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
