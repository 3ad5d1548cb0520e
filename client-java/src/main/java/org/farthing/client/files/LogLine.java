package org.farthing.client.files;

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
 * One line of a log: a flat JSON object of strings. Its member {@code sum} is a CRC-32C over the line and the sum
 * before it, so an altered, lost or moved line is found. (It finds accidents; whoever can write the file can write sums.)
 */
public final class LogLine {

    /** The longest line; longer ones are not written, and not believed when read. */
    public static final int MOST_BYTES = 64 * 1024;

    private static final String SUM = "sum";
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MOST_BYTES, 1, 32, 1);

    private final Map<String, String> members;

    private LogLine(Map<String, String> members) {
        this.members = Collections.unmodifiableMap(members);
    }

    /** A line of a kind at a time; more members with {@link #with}. */
    public static LogLine of(String kind, Instant at) {
        return new LogLine(new TreeMap<>(Map.of("kind", kind, "at", at.toString())));
    }

    /** The line with one more member; null leaves it out. */
    public LogLine with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(members);
        more.put(name, value.toString());
        return new LogLine(more);
    }

    /** What the line is. */
    public String kind() throws LogException {
        return text("kind");
    }

    /** When it was written. */
    public Instant at() throws LogException {
        return instant("at");
    }

    /** A member that must be there. */
    public String text(String name) throws LogException {
        String value = members.get(name);
        if (value == null) {
            throw new LogException("a line has no " + name);
        }
        return value;
    }

    /** A member, or null if there is none. */
    public @Nullable String optional(String name) {
        return members.get(name);
    }

    /** Whether a member says {@code true}. */
    public boolean flag(String name) {
        return "true".equals(members.get(name));
    }

    /** A time that must be there. */
    public Instant instant(String name) throws LogException {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw new LogException("a line's " + name + " is no time");
        }
    }

    /** A number that must be there. */
    public BigDecimal decimal(String name) throws LogException {
        try {
            return new BigDecimal(text(name));
        } catch (NumberFormatException e) {
            throw new LogException("a line's " + name + " is no number");
        }
    }

    /** The line with its line feed, and the sum it carries. */
    record Encoded(String text, int sum) {

        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Writes the line to stand after a line with the sum {@code before}. */
    Encoded encode(int before) throws LogException {
        int sum = sum(before);
        Encoded encoded =
                new Encoded(CanonicalJson.write(with(SUM, HexFormat.of().toHexDigits(sum)).members) + '\n', sum);
        if (encoded.bytes().length > MOST_BYTES) {
            throw new LogException("an entry needs more than " + MOST_BYTES + " bytes in the log");
        }
        return encoded;
    }

    /** Reads a line without its line feed that stands after a line with the sum {@code before}. */
    static LogLine decode(byte[] bytes, int before) throws LogException {
        Map<String, String> members = new TreeMap<>();
        try {
            for (Map.Entry<String, @Nullable Object> member :
                    StrictJson.parseObject(bytes, "line", LIMITS).entrySet()) {
                if (!(member.getValue() instanceof String text)) {
                    throw new LogException("a line has a member that is no text");
                }
                members.put(member.getKey(), text);
            }
        } catch (MalformedException e) {
            throw new LogException("a line is not readable (" + e.fault() + ")");
        }
        String claimed = members.remove(SUM);
        LogLine line = new LogLine(members);
        if (!HexFormat.of().toHexDigits(line.sum(before)).equals(claimed)) {
            throw new LogException("a line was altered, lost or moved (its sum is wrong)");
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
