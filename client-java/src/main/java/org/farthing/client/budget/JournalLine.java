package org.farthing.client.budget;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * One line of the journal: a flat JSON object of strings. Its member {@code sum} is a CRC-32C over the line and the sum
 * before it, so an altered, lost or moved line is found. (It finds accidents; whoever can write the file can write sums.)
 */
final class JournalLine {

    /** The longest line; longer ones are not written, and not believed when read. */
    static final int MOST_BYTES = 64 * 1024;

    private static final String SUM = "sum";
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MOST_BYTES, 1, 32, 1);

    private final Map<String, String> members;

    private JournalLine(Map<String, String> members) {
        this.members = Collections.unmodifiableMap(members);
    }

    /** A line of a kind at a time; more members with {@link #with}. */
    static JournalLine of(String kind, Instant at) {
        return new JournalLine(new TreeMap<>(Map.of("kind", kind, "at", at.toString())));
    }

    /** The line with one more member; null leaves it out. */
    JournalLine with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(members);
        more.put(name, value.toString());
        return new JournalLine(more);
    }

    String kind() throws JournalException {
        return text("kind");
    }

    Instant at() throws JournalException {
        return instant("at");
    }

    String text(String name) throws JournalException {
        String value = members.get(name);
        if (value == null) {
            throw new JournalException("a journal line has no " + name);
        }
        return value;
    }

    @Nullable
    String optional(String name) {
        return members.get(name);
    }

    boolean flag(String name) {
        return "true".equals(members.get(name));
    }

    Instant instant(String name) throws JournalException {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw new JournalException("a journal line's " + name + " is no time");
        }
    }

    BigDecimal decimal(String name) throws JournalException {
        try {
            return new BigDecimal(text(name));
        } catch (NumberFormatException e) {
            throw new JournalException("a journal line's " + name + " is no number");
        }
    }

    /** The line with its line feed, and the sum it carries. */
    record Encoded(String text, int sum) {

        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Writes the line to stand after a line with the sum {@code before}. */
    Encoded encode(int before) throws JournalException {
        int sum = sum(before);
        Encoded encoded =
                new Encoded(CanonicalJson.write(with(SUM, HexFormat.of().toHexDigits(sum)).members) + '\n', sum);
        if (encoded.bytes().length > MOST_BYTES) {
            throw new JournalException("a payment needs more than " + MOST_BYTES + " bytes in the journal");
        }
        return encoded;
    }

    /** Reads a line without its line feed that stands after a line with the sum {@code before}. */
    static JournalLine decode(byte[] bytes, int before) throws JournalException {
        Map<String, String> members = new TreeMap<>();
        try {
            for (Map.Entry<String, @Nullable Object> member :
                    StrictJson.parseObject(bytes, "journal", LIMITS).entrySet()) {
                if (!(member.getValue() instanceof String text)) {
                    throw new JournalException("a journal line has a member that is no text");
                }
                members.put(member.getKey(), text);
            }
        } catch (MalformedException e) {
            throw new JournalException("a journal line is not readable (" + e.fault() + ")");
        }
        String claimed = members.remove(SUM);
        JournalLine line = new JournalLine(members);
        if (!HexFormat.of().toHexDigits(line.sum(before)).equals(claimed)) {
            throw new JournalException("a journal line was altered, lost or moved (its sum is wrong)");
        }
        return line;
    }

    private int sum(int before) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(before).flip());
        crc.update(CanonicalJson.write(members).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
