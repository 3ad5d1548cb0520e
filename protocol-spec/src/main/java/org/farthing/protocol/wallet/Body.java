package org.farthing.protocol.wallet;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/** The forms that signed claims and the bodies of routes share, each with its one check (F-WS-1 to F-WS-4). */
final class Body {

    /** What most bodies may be: as much as a header field. */
    static final StrictJson.Limits SMALL = StrictJson.Limits.FIELD;

    static final int HASH_BYTES = 32;
    static final int TOKEN_ID_BYTES = 16;

    private static final String WHERE = "body";
    private static final Set<String> KEY_ALONE = Set.of("kty", "crv", "x", "y");
    private static final int MAX_CHALLENGE_ID = 64;

    private Body() {}

    /** Something that can turn out to be malformed. */
    interface Check {
        void run() throws MalformedException;
    }

    /** Something read that can turn out to be malformed. */
    interface Reading<T> {
        T read() throws MalformedException;
    }

    static Members parse(byte[] utf8, StrictJson.Limits limits) throws MalformedException {
        return new Members(StrictJson.parseObject(utf8, WHERE, limits), WHERE);
    }

    /** Makes a broken rule an error of the program that built the value. */
    static void require(Check check) {
        try {
            check.run();
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Makes what a constructor refuses a fault of the text that was read. */
    static <T> T build(String where, Reading<T> reading) throws MalformedException {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof MalformedException fault
                    ? fault
                    : new MalformedException(Fault.VALUE, where, "members that do not fit each other");
        }
    }

    static Amount amount(Members members, String name) throws MalformedException {
        return Amount.parse(members.text(name), place(members, name));
    }

    static @Nullable Amount optionalAmount(Members members, String name) throws MalformedException {
        String text = members.optionalText(name);
        return text == null ? null : Amount.parse(text, place(members, name));
    }

    static CurrencyId currency(Members members) throws MalformedException {
        return CurrencyId.parse(members.text("currency"), place(members, "currency"));
    }

    static Instant time(Members members, String name) throws MalformedException {
        return Rfc3339.parse(members.text(name), place(members, name));
    }

    /** Times of these bodies have whole seconds, so that what was written is what is read. */
    static void requireTime(Instant time, String where) throws MalformedException {
        try {
            if (time.equals(Rfc3339.parse(Rfc3339.format(time), where))) {
                return;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedException(Fault.VALUE, where, "a time of the years 0 to 9999 is needed");
        }
        throw new MalformedException(Fault.VALUE, where, "whole seconds are needed");
    }

    static void requireOrigin(String text, String where) throws MalformedException {
        if (!Origin.parse(text, where).text().equals(text)) {
            throw new MalformedException(Fault.NOT_CANONICAL, where, "an origin in its one spelling is needed");
        }
    }

    static void requireBytes(String base64url, int length, String where) throws MalformedException {
        if (Base64Url.decode(base64url, where).length != length) {
            throw new MalformedException(Fault.VALUE, where, length + " bytes are needed");
        }
    }

    /** The ids our challenges have, which also can stand in a path and in {@code Payment-Outcome} (F-OU-2). */
    static void requireChallengeId(String id, String where) throws MalformedException {
        if (id.isEmpty() || id.length() > MAX_CHALLENGE_ID || !id.chars().allMatch(Body::isUrlSafe)) {
            throw new MalformedException(
                    Fault.VALUE, where, "1 to " + MAX_CHALLENGE_ID + " letters, digits, '-' and '_' are needed");
        }
    }

    private static boolean isUrlSafe(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /**
     * A public key alone: all of it is checked, which refuses a private one, and then only the point is kept, because a
     * wallet's keys go by their thumbprints and have neither a name nor roles nor times of their own (F-WA-20).
     */
    static VerificationKey bareKey(Map<String, @Nullable Object> jwk) throws MalformedException {
        return bare(VerificationKey.parse(jwk));
    }

    static VerificationKey bare(VerificationKey key) throws MalformedException {
        return VerificationKey.parse(jwk(key));
    }

    /** The members of a bare key. */
    static Map<String, Object> jwk(VerificationKey key) {
        Map<String, Object> bare = new TreeMap<>(key.toJwk());
        bare.keySet().retainAll(KEY_ALONE);
        return bare;
    }

    /** Reads a decimal amount of a currency by its code, such as {@code 5.00} of {@code usd}. */
    static Money money(String code, String decimal, String where) throws MalformedException {
        if (!CurrencyId.parse(code, where).code().equals(code)) {
            throw new MalformedException(Fault.VALUE, where, "a code without an exponent is needed, such as usd");
        }
        try {
            return Money.parse(decimal + " " + code);
        } catch (MalformedException e) {
            throw new MalformedException(e.fault(), where, "a decimal amount is needed, such as 5.00");
        }
    }

    /** Writes a decimal amount without its currency. */
    static String decimal(Money money) {
        String text = money.format();
        return text.substring(0, text.indexOf(' '));
    }

    static String place(Members members, String name) {
        return members.where() + "." + name;
    }
}
