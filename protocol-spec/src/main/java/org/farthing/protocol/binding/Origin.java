package org.farthing.protocol.binding;

import java.net.URI;
import java.util.Locale;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * A public origin: {@code https://host[:port]}, or {@code http} for development on a loopback literal. It names a payee,
 * a ledger and a wallet service, so it has exactly one spelling: lower case, no default port, nothing after the
 * authority (F-BI-31 to F-BI-35 in spec/binding.md).
 *
 * @param text the one spelling, for example {@code https://api.example.com} or {@code http://127.0.0.1:8402}
 */
public record Origin(String text) {

    private static final String HTTPS = "https://";
    private static final String HTTP = "http://";

    /**
     * Checks that the text is already the one spelling.
     *
     * @param text the one spelling
     * @throws IllegalArgumentException if it is not an origin, or an origin spelt differently
     */
    public Origin {
        String canonical;
        try {
            canonical = canonical(text, "origin");
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        if (!canonical.equals(text)) {
            throw new IllegalArgumentException("an origin in its one spelling is needed: " + canonical);
        }
    }

    /**
     * Reads an origin and brings it to its one spelling: lower case, default port removed.
     *
     * @param text {@code scheme://host[:port]}
     * @return the origin
     * @throws MalformedException if there is user information, a path (also a bare {@code /}), a query, a fragment, a
     *     character outside ASCII, another scheme than http and https, or a host or port that cannot be
     */
    public static Origin parse(String text) throws MalformedException {
        return parse(text, "origin");
    }

    /**
     * Reads an origin that stands at a named place of a message.
     *
     * @param text {@code scheme://host[:port]}
     * @param where the place, for the error
     * @return the origin
     * @throws MalformedException as {@link #parse(String)}
     */
    public static Origin parse(String text, String where) throws MalformedException {
        return new Origin(canonical(text, where));
    }

    /**
     * The origin of an absolute URI.
     *
     * @param uri an http or https URI with a host
     * @return the origin
     * @throws IllegalArgumentException if the URI is relative or opaque, carries user information, or its host is not
     *     plain ASCII
     */
    public static Origin of(URI uri) {
        String scheme = uri.getScheme();
        if (scheme == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "an absolute http or https URI with an ASCII host and no user information is needed");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        try {
            return parse(scheme.toLowerCase(Locale.ROOT) + "://" + uri.getHost() + port, "uri");
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Tells whether the scheme is https.
     *
     * @return false for plain http
     */
    public boolean isHttps() {
        return text.startsWith(HTTPS);
    }

    /**
     * Tells whether the host is a loopback <em>literal</em>: an address of 127.0.0.0/8, or {@code [::1]}. A name such as
     * {@code localhost} is not one, because a name can be made to point anywhere.
     *
     * @return true for the literals only
     */
    public boolean isLoopback() {
        String host = host();
        return host.equals("[::1]") || (HostSyntax.isIpv4(host) && host.startsWith("127."));
    }

    /**
     * The host, an IPv6 literal with its brackets.
     *
     * @return the host in lower case
     */
    public String host() {
        String authority = realm();
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    /**
     * The realm of this origin: host, and the port where it is not the scheme's default.
     *
     * @return {@code host[:port]}
     */
    public String realm() {
        return text.substring(isHttps() ? HTTPS.length() : HTTP.length());
    }

    @Override
    public String toString() {
        return text;
    }

    private static String canonical(String text, String where) throws MalformedException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new MalformedException(
                        Fault.VALUE, where, "only visible ASCII characters can stand in an origin");
            }
        }
        String lower = text.toLowerCase(Locale.ROOT);
        boolean https = lower.startsWith(HTTPS);
        if (!https && !lower.startsWith(HTTP)) {
            throw new MalformedException(Fault.VALUE, where, "an origin starts with https:// (http:// on loopback)");
        }
        String authority = lower.substring(https ? HTTPS.length() : HTTP.length());
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        if (!HostSyntax.isHost(host)) {
            throw new MalformedException(
                    Fault.VALUE, where, "after the scheme only host[:port] may stand, with a valid host");
        }
        if (!hasPort) {
            return lower;
        }
        String port = authority.substring(colon + 1);
        if (!HostSyntax.isPort(port)) {
            throw new MalformedException(
                    Fault.VALUE, where, "a port is a number from 1 to 65535 without leading zeros");
        }
        return port.equals(https ? "443" : "80") ? lower.substring(0, lower.length() - port.length() - 1) : lower;
    }
}
