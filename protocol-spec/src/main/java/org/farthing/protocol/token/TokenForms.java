package org.farthing.protocol.token;

import java.util.Base64;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;

/** The forms that the texts about tokens share, each with its one check. */
final class TokenForms {

    /** Bodies of the issuer's routes: 256 tokens and 256 requests with their names (F-TK-25). */
    static final StrictJson.Limits BODY = new StrictJson.Limits(256 * 1024, 4, 64, 64, 128 * 1024);

    private static final String WHERE = "body";

    private TokenForms() {}

    /** Something built that can refuse what it is built of. */
    interface Building<T> {
        T build();
    }

    static Members body(byte[] utf8) throws MalformedException {
        return new Members(StrictJson.parseObject(utf8, WHERE, BODY), WHERE);
    }

    /** Makes what a constructor of this package refuses a fault of the text that was read, in the constructor's words. */
    static <T> T build(String where, Building<T> building) throws MalformedException {
        try {
            return building.build();
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof MalformedException fault
                    ? fault
                    : new MalformedException(Fault.VALUE, where, String.valueOf(e.getMessage()));
        }
    }

    static Origin origin(Members members, String name) throws MalformedException {
        String where = members.where() + "." + name;
        String text = members.text(name);
        Origin origin = Origin.parse(text, where);
        if (!origin.text().equals(text)) {
            throw new MalformedException(Fault.NOT_CANONICAL, where, "an origin in its one spelling is needed");
        }
        return origin;
    }

    static String hash(String base64url, String where) throws MalformedException {
        if (Base64Url.decode(base64url, where).length != TokenBytes.DIGEST) {
            throw new MalformedException(Fault.VALUE, where, TokenBytes.DIGEST + " bytes are needed");
        }
        return base64url;
    }

    /** Copies a list that a body can carry: what its readers would refuse is not written. */
    static <T> List<T> some(List<T> list, String what) {
        if (list.isEmpty() || list.size() > Denominations.MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "1 to " + Denominations.MAX_TOKENS + " " + what + " go into a body, not " + list.size());
        }
        return List.copyOf(list);
    }

    static void requireCount(int count, int expected, String where) throws MalformedException {
        if (count != expected) {
            throw new MalformedException(Fault.VALUE, where, expected + " are needed");
        }
    }

    /** Base64url as RFC 9577 and RFC 9578 have it: with padding. */
    static String padded(byte[] bytes) {
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /** Reads base64url with its padding or without any. */
    static byte[] paddedOrNot(String text, String where) throws MalformedException {
        int end = text.length();
        while (end > 0 && text.length() - end < 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        if (end < text.length() && text.length() % 4 != 0) {
            throw new MalformedException(Fault.ENCODING, where, "padding that does not fill the last four characters");
        }
        return Base64Url.decode(text.substring(0, end), where);
    }
}
