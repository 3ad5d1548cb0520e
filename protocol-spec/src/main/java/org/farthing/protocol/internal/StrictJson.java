package org.farthing.protocol.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object and refuses everything that two readers could understand differently: duplicate names, lone
 * surrogates, bytes that are not UTF-8, a byte order mark, anything after the object, and all the extensions of JSON
 * (comments, single quotes, NaN). Specification: encoding.md (F-EN-10 to F-EN-16, F-EN-31; T23 to T26).
 *
 * <p>The result holds only {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code Map}, {@code List} and
 * {@code null}; maps keep the order of the text, and maps and lists cannot be changed. A number is a {@code Long} if it
 * is written as an integer and lies within 2^53 of zero (where every integer is exact everywhere), otherwise a
 * {@code Double}.
 */
public final class StrictJson {

    /** The longest name or value in most texts, in characters (F-EN-31). */
    private static final int MAX_STRING = 16 * 1024;

    /** The largest magnitude up to which every integer is exact in IEEE 754 double precision: 2^53. */
    static final long EXACT_INTEGERS = 1L << 53;

    /**
     * Jackson's own limits stand behind ours, and its table of member names is off: whoever writes the names chooses
     * what such a table keeps and how it collides.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxDocumentLength(1 << 24)
                    .maxStringLength(1 << 24)
                    .maxNameLength(1 << 14)
                    .maxNumberLength(1000)
                    .build())
            .build();

    private final JsonParser parser;
    private final Limits limits;
    private final String where;
    private final String[] path;

    private StrictJson(JsonParser parser, String where, Limits limits) {
        this.parser = parser;
        this.limits = limits;
        this.where = where;
        this.path = new String[limits.depth()];
    }

    /**
     * How much JSON is still reasonable.
     *
     * @param bytes length of the text in UTF-8 bytes
     * @param depth objects and arrays inside each other, the outermost counted
     * @param members members of one object
     * @param elements elements of one array
     * @param string characters of one name or value
     */
    public record Limits(int bytes, int depth, int members, int elements, int string) {

        /** What one header field, and each text inside it, may carry: 16 KiB, depth 8, 64 members, 64 elements. */
        public static final Limits FIELD = new Limits(16 * 1024, 8, 64, 64);

        /** What a message body of the protocol may carry: 64 KiB, and otherwise what a header field may. */
        public static final Limits BODY = new Limits(64 * 1024, 8, 64, 64);

        /** Refuses limits that would let nothing through. */
        public Limits {
            if (bytes < 2 || depth < 1 || members < 1 || elements < 1 || string < 1) {
                throw new IllegalArgumentException("each limit must let at least {} through");
            }
        }

        /** Limits with names and values of at most 16 KiB, which is what all but lists of tokens have. */
        public Limits(int bytes, int depth, int members, int elements) {
            this(bytes, depth, members, elements, MAX_STRING);
        }
    }

    /**
     * Reads an object from UTF-8 bytes.
     *
     * @throws MalformedException if the bytes are no UTF-8, no JSON object, ambiguous, or beyond the limits
     */
    public static Map<String, @Nullable Object> parseObject(byte[] utf8, String where, Limits limits)
            throws MalformedException {
        requireLength(utf8.length, where, limits);
        return read(Utf8.decode(utf8, where), where, limits);
    }

    /**
     * Reads an object from text.
     *
     * @throws MalformedException if the text is no JSON object, ambiguous, or beyond the limits
     */
    public static Map<String, @Nullable Object> parseObject(String text, String where, Limits limits)
            throws MalformedException {
        requireLength(text.length(), where, limits);
        requireLength(Utf8.length(text), where, limits);
        return read(text, where, limits);
    }

    private static void requireLength(int bytes, String where, Limits limits) throws MalformedException {
        if (bytes > limits.bytes()) {
            throw new MalformedException(Fault.TOO_LARGE, where, "more than " + limits.bytes() + " bytes of JSON");
        }
    }

    private static Map<String, @Nullable Object> read(String text, String where, Limits limits)
            throws MalformedException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            StrictJson reader = new StrictJson(parser, where, limits);
            try {
                return reader.document();
            } catch (StreamConstraintsException e) {
                throw reader.fault(Fault.TOO_LARGE, 0, "a number or name that is too long");
            } catch (JsonProcessingException e) {
                throw refused(e, where);
            }
        } catch (IOException e) {
            throw new IllegalStateException("reading a text in memory cannot fail", e);
        }
    }

    private static MalformedException refused(JsonProcessingException e, String where) {
        long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
        // Jackson finds an escaped lone surrogate in a name before we do, and tells it from bad syntax in words only.
        boolean surrogate =
                e.getOriginalMessage() != null && e.getOriginalMessage().contains("surrogate");
        return new MalformedException(
                surrogate ? Fault.ENCODING : Fault.SYNTAX,
                where + "@" + offset,
                surrogate ? "a lone surrogate" : "not JSON");
    }

    private Map<String, @Nullable Object> document() throws IOException, MalformedException {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw fault(first == null ? Fault.SYNTAX : Fault.TYPE, 0, "a JSON object is needed");
        }
        Map<String, @Nullable Object> result = object(1);
        if (parser.nextToken() != null) {
            throw fault(Fault.SYNTAX, 0, "something follows the object");
        }
        return result;
    }

    private Map<String, @Nullable Object> object(int depth) throws IOException, MalformedException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            path[depth - 1] = name;
            if (members.size() == limits.members()) {
                throw fault(Fault.TOO_LARGE, depth - 1, "more than " + limits.members() + " members");
            }
            requireWellFormed(name, depth);
            // Our own check rather than Jackson's: it names the place, and the map is filled anyway.
            if (members.containsKey(name)) {
                throw fault(Fault.DUPLICATE, depth, "the member stands twice");
            }
            members.put(name, value(parser.nextToken(), depth));
        }
        return Collections.unmodifiableMap(members);
    }

    private List<@Nullable Object> array(int depth) throws IOException, MalformedException {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            path[depth - 1] = Integer.toString(elements.size());
            if (elements.size() == limits.elements()) {
                throw fault(Fault.TOO_LARGE, depth - 1, "more than " + limits.elements() + " elements");
            }
            elements.add(value(token, depth));
        }
        return Collections.unmodifiableList(elements);
    }

    private @Nullable Object value(JsonToken token, int depth) throws IOException, MalformedException {
        return switch (token) {
            case VALUE_STRING -> requireWellFormed(parser.getText(), depth);
            case VALUE_NUMBER_INT -> integer(parser.getText(), depth);
            case VALUE_NUMBER_FLOAT -> floating(parser.getText(), depth);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_OBJECT -> object(deeper(depth));
            case START_ARRAY -> array(deeper(depth));
            default -> throw fault(Fault.SYNTAX, depth, "not JSON");
        };
    }

    private int deeper(int depth) throws MalformedException {
        if (depth == limits.depth()) {
            throw fault(Fault.TOO_LARGE, depth, "deeper than " + limits.depth() + " levels");
        }
        return depth + 1;
    }

    private Object integer(String digits, int depth) throws MalformedException {
        // 2^53 has 16 digits; 17 leave room for a sign and always fit a long.
        if (digits.length() <= 17) {
            long value = Long.parseLong(digits);
            if (Math.abs(value) <= EXACT_INTEGERS) {
                return value;
            }
        }
        return floating(digits, depth);
    }

    private Double floating(String digits, int depth) throws MalformedException {
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw fault(Fault.VALUE, depth, "a number beyond double precision");
        }
        return value;
    }

    private String requireWellFormed(String text, int depth) throws MalformedException {
        if (text.length() > limits.string()) {
            throw fault(Fault.TOO_LARGE, depth, "more than " + limits.string() + " characters in one string");
        }
        if (Utf8.loneSurrogate(text) >= 0) {
            throw fault(Fault.ENCODING, depth, "a lone surrogate");
        }
        return text;
    }

    /** Names the place, by the first {@code levels} steps of the path. */
    private MalformedException fault(Fault fault, int levels, String what) {
        StringBuilder place = new StringBuilder(where);
        for (int i = 0; i < levels; i++) {
            place.append('.').append(shown(path[i]));
        }
        return new MalformedException(fault, place.toString(), what);
    }

    /** Member names come from the sender: only plain, short ones go into messages and so into logs. */
    private static String shown(String name) {
        boolean plain = !name.isEmpty() && name.length() <= 32;
        for (int i = 0; plain && i < name.length(); i++) {
            char c = name.charAt(i);
            plain = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
        }
        return plain ? name : "?";
    }
}
