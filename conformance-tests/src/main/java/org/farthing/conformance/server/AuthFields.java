package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the challenges in {@code WWW-Authenticate} values, leniently: whatever can be told apart is handed on, also empty and
 * repeated parameters, because a case must see what is wrong with them (RFC 9110 section 11.6.1).
 */
final class AuthFields {

    private final String text;
    private int at;

    private AuthFields(String text) {
        this.text = text;
    }

    /** The challenges of one scheme, in the order they came. */
    static List<Offer> offers(List<String> values) {
        List<Offer> offers = new ArrayList<>();
        for (String value : values) {
            offers.addAll(new AuthFields(value).read());
        }
        return offers;
    }

    private List<Offer> read() {
        List<Offer> found = new ArrayList<>();
        skip(" \t,");
        while (at < text.length()) {
            int from = at;
            String scheme = token();
            if (scheme.isEmpty()) {
                at++;
            } else {
                Map<String, String> params = new LinkedHashMap<>();
                List<String> names = new ArrayList<>();
                int end = params(params, names);
                if (scheme.toLowerCase(Locale.ROOT).equals("payment")) {
                    found.add(new Offer(params, names, text.substring(from, end)));
                }
            }
            skip(" \t,");
        }
        return found;
    }

    /** Reads parameters up to the next scheme; returns where the last one ended. */
    private int params(Map<String, String> params, List<String> names) {
        int end = at;
        while (true) {
            int back = at;
            skip(" \t,");
            String name = token();
            skip(" \t");
            if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
                at = name.isEmpty() ? at : back;
                return end;
            }
            at++;
            skip(" \t");
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
            names.add(name);
            params.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
            end = at;
        }
    }

    private String token() {
        int from = at;
        while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String plain() {
        int from = at;
        while (at < text.length() && " \t,".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at = Math.min(at + 1, text.length());
        return value.toString();
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
