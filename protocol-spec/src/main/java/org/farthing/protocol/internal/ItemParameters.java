package org.farthing.protocol.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * Reads the parameters of a structured field item (RFC 9651 section 4.2.3.2), as far as this protocol needs them:
 * strings are understood, items of other types are passed over. Unlike the RFC, a key that stands twice is refused:
 * where money is concerned, readers must not choose.
 */
public final class ItemParameters {

    private final String text;
    private final String where;
    private final Map<String, String> strings = new HashMap<>();
    private int at;

    private ItemParameters(String text, int from, String where) {
        this.text = text;
        this.at = from;
        this.where = where;
    }

    /**
     * Reads everything after the bare item, to the end of the field value.
     *
     * @param from where the bare item ends
     * @return the parameters that are strings, unquoted, by key
     * @throws MalformedException if something else follows, or a key stands twice
     */
    public static Map<String, String> read(String text, int from, String where) throws MalformedException {
        ItemParameters reader = new ItemParameters(text, from, where);
        reader.all();
        return reader.strings;
    }

    private void all() throws MalformedException {
        Set<String> keys = new HashSet<>();
        int end = text.length();
        while (end > at && text.charAt(end - 1) == ' ') {
            end--;
        }
        while (at < end) {
            if (text.charAt(at++) != ';') {
                throw syntax("a parameter must start with a semicolon");
            }
            while (peek() == ' ') {
                at++;
            }
            String key = key();
            if (!keys.add(key)) {
                throw new MalformedException(Fault.DUPLICATE, where + "@" + at, "a parameter that stands twice");
            }
            if (peek() == '=') {
                at++;
                value(key);
            }
        }
    }

    private String key() throws MalformedException {
        int start = at;
        while (isLower(peek()) || peek() == '*' || (at > start && (isDigit(peek()) || "_-.".indexOf(peek()) >= 0))) {
            at++;
        }
        if (at == start) {
            throw syntax("the name of a parameter is needed");
        }
        return text.substring(start, at);
    }

    private void value(String key) throws MalformedException {
        if (peek() == '"') {
            strings.put(key, string());
            return;
        }
        int start = at;
        while (peek() > ' ' && peek() < 0x7f && ";,\"\\".indexOf(peek()) < 0) {
            at++;
        }
        if (at == start) {
            throw syntax("a parameter without a value");
        }
    }

    private String string() throws MalformedException {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\') {
                at++;
                c = peek();
                if (c != '"' && c != '\\') {
                    throw syntax("only quotes and backslashes are escaped");
                }
            }
            if (c < ' ' || c > '~') {
                throw syntax("a character that no string has");
            }
            value.append(c);
        }
        throw syntax("a string that does not end");
    }

    /** Returns the character here, or NUL at the end, which no rule of the grammar accepts. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private MalformedException syntax(String what) {
        return new MalformedException(Fault.SYNTAX, where + "@" + at, what);
    }
}
