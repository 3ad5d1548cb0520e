package org.farthing.conformance.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * A credential to present, open to changes: a case takes one that is right and makes one thing wrong.
 *
 * @param envelope the JSON object it carries: {@code challenge}, {@code payload}, {@code source}
 * @param field the field it belongs in
 */
public record Presented(Map<String, Object> envelope, String field) {

    /** Copies the members; the order stays. */
    public Presented {
        envelope = Collections.unmodifiableMap(new LinkedHashMap<>(envelope));
    }

    /** The credential that answers an offer with a proof. */
    public static Presented of(Offer offer, Proof proof) {
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("challenge", offer.echo());
        envelope.put("payload", proof.payload());
        if (proof.source() != null) {
            envelope.put("source", proof.source());
        }
        return new Presented(envelope, offer.field());
    }

    /** The same with another member of the envelope, or without it. */
    public Presented with(String member, @Nullable Object value) {
        return new Presented(changed(envelope, member, value), field);
    }

    /** The same with another member of the echoed challenge, or without it. */
    public Presented withEcho(String member, @Nullable Object value) {
        return with("challenge", changed(object("challenge"), member, value));
    }

    /** The same with another member of the payload, or without it. */
    public Presented withPayload(String member, @Nullable Object value) {
        return with("payload", changed(object("payload"), member, value));
    }

    /** The same in another field. */
    public Presented in(String otherField) {
        return new Presented(envelope, otherField);
    }

    /**
     * The same content in other bytes, others for each number: the members of the echo begin with another one, and after a whole
     * turn those of the credential do, too. So a short echo has enough spellings as well.
     */
    public Presented reordered(int from) {
        Map<String, Object> echo = object("challenge");
        int turns = echo.isEmpty() ? from : from / echo.size();
        return new Presented(turned(with("challenge", turned(echo, from)).envelope, turns), field);
    }

    private static Map<String, Object> turned(Map<String, Object> map, int from) {
        List<String> names = new ArrayList<>(map.keySet());
        Collections.rotate(names, -from);
        Map<String, Object> turned = new LinkedHashMap<>();
        names.forEach(name -> turned.put(name, Objects.requireNonNull(map.get(name), "a member has a value")));
        return turned;
    }

    /**
     * The same with a proof that proves nothing: one letter in the middle of the payload's longest text is another. Whatever the
     * method, what was signed or paid is no longer what is presented.
     */
    public Presented withSpoiledProof() {
        Longest longest = new Longest();
        longest.look(object("payload"));
        return with("payload", longest.spoiled(object("payload")));
    }

    /** A member of the echoed challenge. */
    public String echoed(String member) {
        return String.valueOf(object("challenge").getOrDefault(member, ""));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> object(String member) {
        return envelope.get(member) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static Map<String, Object> changed(Map<String, Object> map, String member, @Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(map);
        if (value == null) {
            copy.remove(member);
        } else {
            copy.put(member, value);
        }
        return copy;
    }

    /** The JSON text. */
    public String json() {
        return CanonicalJson.writeInOrder(envelope);
    }

    /** What stands after the scheme. */
    public String token68() {
        return Base64Url.encodeUtf8(json());
    }

    /** The field value. */
    public String value() {
        return "Payment " + token68();
    }

    /** Without the credential. */
    @Override
    public String toString() {
        return "a credential for " + echoed("id");
    }

    /** The payload's longest text, wherever it stands. */
    private static final class Longest {
        private String text = "";

        void look(@Nullable Object value) {
            if (value instanceof Map<?, ?> map) {
                map.values().forEach(this::look);
            } else if (value instanceof List<?> list) {
                list.forEach(this::look);
            } else if (value instanceof String found && found.length() > text.length()) {
                text = found;
            }
        }

        Object spoiled(Object value) {
            if (value instanceof Map<?, ?> map) {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((name, member) -> copy.put(name, spoiled(member)));
                return copy;
            }
            if (value instanceof List<?> list) {
                return list.stream().map(this::spoiled).toList();
            }
            return value.equals(text) && !text.isEmpty() ? another(text) : value;
        }

        /** Changes a letter three quarters in: in a signed token that is the signature. */
        private static String another(String text) {
            int at = text.length() * 3 / 4;
            char letter = text.charAt(at) == '.' ? text.charAt(++at) : text.charAt(at);
            // Also in hexadecimal, where a and A are the same.
            char other = letter == 'A' || letter == 'a' ? 'B' : 'A';
            return text.substring(0, at) + other + text.substring(at + 1);
        }
    }
}
