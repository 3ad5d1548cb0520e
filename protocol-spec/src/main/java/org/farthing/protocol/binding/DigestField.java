package org.farthing.protocol.binding;

import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * Reads one line of a {@code Content-Digest} field: an RFC 9651 dictionary whose values are byte sequences. Linear, and
 * bounded by the HTTP server's header limit.
 */
final class DigestField {

    static final String NAME = "Content-Digest";

    private static final String BASE64_MARKS = "+/=";

    private final String text;
    private int at;

    private DigestField(String text) {
        this.text = text;
    }

    /** One algorithm and its value, the base64 still unread: other algorithms' lengths are not our business. */
    record Member(String algorithm, String base64) {}

    static List<Member> parse(String text) throws MalformedException {
        return new DigestField(text).members();
    }

    private List<Member> members() throws MalformedException {
        List<Member> members = new ArrayList<>();
        skipSpaces(false);
        while (at < text.length()) {
            members.add(member());
            skipSpaces(true);
            if (at == text.length()) {
                break;
            }
            expect(',');
            skipSpaces(true);
            if (at == text.length()) {
                throw fault("a comma at the end");
            }
        }
        return members;
    }

    private Member member() throws MalformedException {
        String algorithm = key();
        expect('=');
        expect(':');
        int start = at;
        while (at < text.length() && isBase64(text.charAt(at))) {
            at++;
        }
        String base64 = text.substring(start, at);
        expect(':');
        while (at < text.length() && text.charAt(at) == ';') {
            parameter();
        }
        return new Member(algorithm, base64);
    }

    /** RFC 9530 defines no parameters; a receiver skips what it does not know (bare and token or number values only). */
    private void parameter() throws MalformedException {
        expect(';');
        skipSpaces(false);
        key();
        if (at < text.length() && text.charAt(at) == '=') {
            at++;
            int start = at;
            while (at < text.length() && ",; \t".indexOf(text.charAt(at)) < 0 && isPlain(text.charAt(at))) {
                at++;
            }
            if (at == start) {
                throw fault("a parameter without its value");
            }
        }
    }

    private String key() throws MalformedException {
        int start = at;
        while (at < text.length() && isKey(text.charAt(at), at == start)) {
            at++;
        }
        if (at == start) {
            throw fault("an algorithm name is needed");
        }
        return text.substring(start, at);
    }

    private void expect(char wanted) throws MalformedException {
        if (at == text.length() || text.charAt(at) != wanted) {
            throw fault("'" + wanted + "' is needed");
        }
        at++;
    }

    private void skipSpaces(boolean tabs) {
        while (at < text.length() && (text.charAt(at) == ' ' || (tabs && text.charAt(at) == '\t'))) {
            at++;
        }
    }

    private MalformedException fault(String what) {
        return new MalformedException(Fault.SYNTAX, NAME + "@" + at, what);
    }

    private static boolean isKey(char c, boolean first) {
        boolean start = (c >= 'a' && c <= 'z') || c == '*';
        return start || (!first && ((c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'));
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || BASE64_MARKS.indexOf(c) >= 0;
    }

    private static boolean isPlain(char c) {
        return c > ' ' && c <= '~' && c != '"';
    }
}
