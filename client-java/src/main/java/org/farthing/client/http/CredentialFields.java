package org.farthing.client.http;

import java.util.Locale;
import org.farthing.protocol.internal.AuthScanner;

/** Tells which header fields of a request hold a payment credential, or try to. */
public final class CredentialFields {

    private static final String SCHEME = "payment";

    private CredentialFields() {}

    /**
     * Looks at one field. Servers that split a list at its commas find a credential behind another scheme too, so this one
     * does as well.
     *
     * @param name the field's name
     * @param value one line of it
     * @return whether a payment credential stands there, well-formed or not
     */
    public static boolean isCredential(String name, String value) {
        if (name.equalsIgnoreCase("Payment-Authorization")) {
            return true;
        }
        if (!name.equalsIgnoreCase("Authorization")) {
            return false;
        }
        String text = value.strip().toLowerCase(Locale.ROOT);
        boolean first = text.startsWith(SCHEME)
                && (text.length() == SCHEME.length() || Character.isWhitespace(text.charAt(SCHEME.length())));
        return first
                || AuthScanner.scan(value, name).stream()
                        .anyMatch(scanned -> scanned.scheme().equals(SCHEME));
    }
}
