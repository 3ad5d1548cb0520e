package org.farthing.protocol.binding;

import java.net.URI;
import org.farthing.protocol.internal.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The request a challenge is for: method, origin, path and query, exactly as they are on the wire. Its hash, {@link
 * #rb()}, stands in the challenge's {@code opaque}, so that a payment for one URL buys nothing at another (threats 4 and 7;
 * F-BI-26 to F-BI-28 in spec/binding.md; the components are those of RFC 9421 section 2.2).
 *
 * @param method the request method, case kept
 * @param origin the public origin of the server, never taken from a Host header
 * @param path the raw path, not decoded and not normalised; {@code /} if the URL has none
 * @param query the raw query without its {@code ?}, or null if the URL has none (which binds like an empty one)
 */
public record RequestTarget(
        String method, Origin origin, String path, @Nullable String query) {

    private static final String TCHAR_MARKS = "!#$%&'*+-.^_`|~";

    /**
     * Checks what would make the hashed text ambiguous.
     *
     * @param method a token
     * @param origin the public origin
     * @param path not empty, without {@code ?}
     * @param query without {@code ?} in front, or null
     * @throws IllegalArgumentException if the method is no token, the path is empty or holds {@code ?}, or path or query
     *     hold a space, a control character or {@code #}: an HTTP request line cannot carry these
     */
    public RequestTarget {
        if (!isToken(method)) {
            throw new IllegalArgumentException("a request method is a token (RFC 9110 section 5.6.2)");
        }
        if (path.isEmpty() || path.indexOf('?') >= 0 || !isOneLine(path)) {
            throw new IllegalArgumentException(
                    "a raw path is needed: not empty, no '?', '#', space or control character");
        }
        if (query != null && !isOneLine(query)) {
            throw new IllegalArgumentException("a raw query is needed: no '#', space or control character");
        }
    }

    /**
     * A target from the parts of a request; an empty path becomes {@code /}.
     *
     * @param method the request method
     * @param origin the configured public origin
     * @param rawPath the path as on the wire
     * @param rawQuery the query as on the wire without {@code ?}, or null
     * @return the target
     * @throws IllegalArgumentException as the constructor
     */
    public static RequestTarget of(String method, Origin origin, String rawPath, @Nullable String rawQuery) {
        return new RequestTarget(method, origin, rawPath.isEmpty() ? "/" : rawPath, rawQuery);
    }

    /**
     * The same with the origin as text.
     *
     * @param method the request method
     * @param origin the configured public origin in its one spelling
     * @param rawPath the path as on the wire
     * @param rawQuery the query as on the wire without {@code ?}, or null
     * @return the target
     * @throws IllegalArgumentException as the constructors of this class and of {@link Origin}
     */
    public static RequestTarget of(String method, String origin, String rawPath, @Nullable String rawQuery) {
        return of(method, new Origin(origin), rawPath, rawQuery);
    }

    /**
     * A target from the URI a client is about to ask for.
     *
     * @param method the request method
     * @param uri an absolute http or https URI; a fragment is left out, as HTTP does
     * @return the target
     * @throws IllegalArgumentException if the URI is no plain http(s) URI, or holds characters outside ASCII (what goes
     *     over the wire for those depends on the HTTP library: percent-encode them first)
     */
    public static RequestTarget ofUri(String method, URI uri) {
        String text = uri.toString();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '~') {
                throw new IllegalArgumentException("the URI holds a character outside ASCII: percent-encode it first");
            }
        }
        return of(method, Origin.of(uri), uri.getRawPath(), uri.getRawQuery());
    }

    /**
     * The binding value of this request.
     *
     * @return base64url of SHA-256 over method LF origin LF path LF {@code ?}query, 43 characters
     */
    public String rb() {
        return Sha256.base64url(hashedText());
    }

    /**
     * The URL of this request: origin, raw path, and {@code ?} with the raw query where there is one.
     *
     * @return the URL as text
     */
    public String url() {
        return origin.text() + path + (query == null ? "" : "?" + query);
    }

    /** The text beneath {@link #rb()}. */
    String hashedText() {
        return method + '\n' + origin.text() + '\n' + path + "\n?" + (query == null ? "" : query);
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && TCHAR_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }
}
