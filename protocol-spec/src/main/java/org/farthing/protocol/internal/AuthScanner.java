package org.farthing.protocol.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Reads the challenges of a {@code WWW-Authenticate} field value (RFC 9110 section 11.2 to 11.6). Specification:
 * challenge.md (F-CH-20 to F-CH-25).
 *
 * <p>The grammar is one flat comma list in which parameters and new challenges look alike. After a comma comes a name;
 * what follows the name decides: {@code =} makes it a parameter of the current challenge, anything else the scheme of a
 * new one. After a scheme, {@code Basic abc=} is a token68 and {@code Basic abc=d} a parameter: only what follows the
 * equals signs tells.
 *
 * <p>A fault spoils only its own challenge; reading goes on after the next comma outside quotes. Text after a closing
 * quote ends the reading of the field, as it does in other readers; what was read before it counts. Every character is
 * looked at a bounded number of times.
 */
public final class AuthScanner {

    /** The longest field value that is read, in characters. */
    public static final int MAX_FIELD = 16 * 1024;

    private final String text;
    private final String where;
    private final List<Scanned> found = new ArrayList<>();
    private @Nullable Open current;
    private int at;

    private AuthScanner(String text, String where) {
        this.text = text;
        this.where = where;
    }

    /**
     * One challenge as it was written.
     *
     * @param scheme the scheme, lower-case; empty for text that belongs to no challenge
     * @param params the parameters by lower-case name
     * @param token68 what stood in place of parameters, or null
     * @param fault the first fault in it, or null
     */
    public record Scanned(
            String scheme,
            Map<String, String> params,
            @Nullable String token68,
            @Nullable MalformedException fault) {}

    /** A challenge that is still being read. */
    private static final class Open {
        final String scheme;
        final Map<String, String> params = new LinkedHashMap<>();

        @Nullable
        String token68;

        @Nullable
        MalformedException fault;

        Open(String scheme) {
            this.scheme = scheme;
        }
    }

    /** Reads all challenges of one field value, in order; faults are in the result, never thrown. */
    public static List<Scanned> scan(String fieldValue, String where) {
        AuthScanner scanner = new AuthScanner(fieldValue, where);
        if (fieldValue.length() > MAX_FIELD) {
            scanner.spoil(Fault.TOO_LARGE, "more than " + MAX_FIELD + " characters in one field");
        } else {
            scanner.elements();
        }
        scanner.close();
        return scanner.found;
    }

    private void elements() {
        while (true) {
            skipSpace();
            if (at == text.length()) {
                return;
            }
            if (text.charAt(at) != ',') {
                element();
                skipToComma();
            }
            at = Math.min(at + 1, text.length());
        }
    }

    /** One element that is not empty: a parameter, or a scheme with whatever comes first after it. */
    private void element() {
        String name = token();
        if (name.isEmpty()) {
            spoil(Fault.SYNTAX, "a name is needed");
            return;
        }
        int afterName = at;
        boolean tab = skipSpace();
        if (peek() == '=') {
            parameter(name);
            return;
        }
        if (at == afterName && !atElementEnd()) {
            spoil(Fault.SYNTAX, "a character that no name may have");
            return;
        }
        close();
        current = new Open(name.toLowerCase(Locale.ROOT));
        if (atElementEnd()) {
            return;
        }
        if (tab) {
            spoil(Fault.SYNTAX, "a tab where only spaces may follow the scheme");
            return;
        }
        if (!token68()) {
            firstParameter();
        }
    }

    private void firstParameter() {
        String name = token();
        skipSpace();
        if (name.isEmpty() || peek() != '=') {
            spoil(Fault.SYNTAX, "neither a parameter nor a token68 follows the scheme");
        } else {
            parameter(name);
        }
    }

    /** Takes a token68 if one stands here up to the end of the element; otherwise leaves the place unchanged. */
    private boolean token68() {
        int end = at;
        while (end < text.length() && isToken68(text.charAt(end))) {
            end++;
        }
        if (end == at) {
            return false;
        }
        while (end < text.length() && text.charAt(end) == '=') {
            end++;
        }
        int start = at;
        at = end;
        skipSpace();
        if (!atElementEnd()) {
            at = start;
            return false;
        }
        if (current != null) {
            current.token68 = text.substring(start, end);
        }
        return true;
    }

    /** Reads {@code = value} and stores it under the name. */
    private void parameter(String name) {
        at++;
        skipSpace();
        String value = peek() == '"' ? quotedString() : unquoted();
        if (value == null) {
            return;
        }
        skipSpace();
        if (!atElementEnd()) {
            at = text.length();
        }
        if (current == null || current.token68 != null) {
            spoil(Fault.SYNTAX, "a parameter that belongs to no challenge");
        } else if (current.params.putIfAbsent(name.toLowerCase(Locale.ROOT), value) != null) {
            spoil(Fault.DUPLICATE, "a parameter that stands twice");
        }
    }

    /** Reads a value without quotes; null if it is empty or goes on with a character that needs quotes. */
    private @Nullable String unquoted() {
        String value = token();
        skipSpace();
        if (value.isEmpty()) {
            spoil(Fault.SYNTAX, "a parameter without a value");
            return null;
        }
        if (!atElementEnd()) {
            spoil(Fault.SYNTAX, "a character that only a quoted value may have");
            return null;
        }
        return value;
    }

    /** Reads a quoted-string; null if it does not end or holds a control character, which is then noted. */
    private @Nullable String quotedString() {
        int start = ++at;
        StringBuilder unescaped = null;
        int copied = start;
        boolean control = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                String tail = text.substring(copied, at++);
                if (control) {
                    spoil(Fault.SYNTAX, "a control character in a quoted value");
                    return null;
                }
                return unescaped == null ? tail : unescaped.append(tail).toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, copied, at);
                copied = ++at;
                c = text.charAt(at);
            }
            control |= (c < 0x20 && c != '\t') || c == 0x7f;
        }
        spoil(Fault.SYNTAX, "a quoted value that does not end");
        return null;
    }

    /** Goes to the next comma outside quotes, so that a fault before a quoted text does not turn the text into challenges. */
    private void skipToComma() {
        boolean quoted = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == ',' && !quoted) {
                return;
            }
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                at++;
            }
        }
        at = text.length();
    }

    private void spoil(Fault fault, String what) {
        MalformedException malformed = new MalformedException(fault, where + "@" + at, what);
        if (current == null) {
            found.add(new Scanned("", Map.of(), null, malformed));
        } else if (current.fault == null) {
            current.fault = malformed;
        }
    }

    private void close() {
        if (current != null) {
            found.add(new Scanned(current.scheme, current.params, current.token68, current.fault));
            current = null;
        }
    }

    private String token() {
        int start = at;
        while (at < text.length() && isToken(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Skips spaces and tabs; returns whether there was a tab. */
    private boolean skipSpace() {
        boolean tab = false;
        while (peek() == ' ' || peek() == '\t') {
            tab |= text.charAt(at) == '\t';
            at++;
        }
        return tab;
    }

    private boolean atElementEnd() {
        return at == text.length() || text.charAt(at) == ',';
    }

    /** Returns the character here, or NUL at the end, which no rule of the grammar accepts. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isToken(char c) {
        return isAlphanumeric(c) || (c < 0x7f && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static boolean isToken68(char c) {
        return isAlphanumeric(c) || (c < 0x7f && "-._~+/".indexOf(c) >= 0);
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
