package org.farthing.conformance.adapter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads a question. The protocol's own reader would refuse some questions before they reach the operation that is to refuse
 * them: texts longer than a header field may be, and lone surrogates. The values are those of the protocol's reader.
 */
final class PlainJson {

    private static final long EXACT = 1L << 53;

    private PlainJson() {}

    static Map<String, @Nullable Object> parseObject(byte[] utf8) throws MalformedException {
        String text = Utf8.decode(utf8, "request");
        JsonFactory factory = JsonFactory.builder()
                .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException(Fault.SYNTAX, "request", "one JSON object is needed");
            }
            Map<String, @Nullable Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException(Fault.SYNTAX, "request", "something follows the JSON object");
            }
            return object;
        } catch (JsonProcessingException e) {
            throw new MalformedException(Fault.SYNTAX, "request", "not JSON");
        } catch (IOException e) {
            throw new IllegalStateException("reading a text in memory cannot fail", e);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> integer(parser.getText());
            case VALUE_NUMBER_FLOAT -> Double.valueOf(parser.getText());
            default -> null;
        };
    }

    private static Object integer(String digits) {
        if (digits.length() <= 17) {
            long number = Long.parseLong(digits);
            if (number <= EXACT && number >= -EXACT) {
                return number;
            }
        }
        return Double.valueOf(digits);
    }

    /** The text with U+FFFD for each half of a pair that stands alone, which UTF-8 cannot carry. */
    static String withoutLoneSurrogates(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int at = Utf8.loneSurrogate(text); at >= 0; at = Utf8.loneSurrogate(out.toString())) {
            out.setCharAt(at, '\uFFFD');
        }
        return out.toString();
    }
}
