package org.farthing.conformance.privacy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything somebody saw, as the set of all runs of 8 bytes in it. What is written in base64url, base64 or hexadecimal is seen
 * as the bytes it stands for, also inside each other, so that two parties see the same run however each of them wrote it down.
 */
final class View {

    /** How long a common run is no coincidence: the chance of one among some millions is below 10^-5. */
    static final int RUN = 8;

    /** Shorter texts of these letters stay text: they stand for fewer than 8 bytes. */
    private static final int ENCODED = 11;

    private static final int DEEPEST = 5;

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/";

    private static final Pattern HEXADECIMAL = Pattern.compile("(?:[0-9a-fA-F]{2}){8,}");

    /** Read as base64url, 8 bytes from the middle of one would hold 26 random bits: two of some thousands soon agree. */
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Runs runs = new Runs();

    /** Adds what was seen. */
    View add(byte[] seen) {
        add(seen, 0);
        return this;
    }

    View add(String seen) {
        return add(seen.getBytes(StandardCharsets.UTF_8));
    }

    private void add(byte[] seen, int depth) {
        // Eleven letters in a row come up by chance in one signature of some thousands: there they are bytes as well.
        if (!isText(seen)) {
            addRuns(seen);
        }
        int from = 0;
        int at = 0;
        while (at < seen.length) {
            int end = at;
            while (end < seen.length && isLetter(seen[end])) {
                end++;
            }
            if (end - at >= ENCODED && depth < DEEPEST) {
                addRuns(seen, from, at);
                addDecoded(seen, at, end, depth + 1);
                from = end;
            }
            at = end + 1;
        }
        addRuns(seen, from, seen.length);
    }

    /** A value may begin behind a prefix, such as that of a wallet id, or a path. */
    private void addDecoded(byte[] seen, int from, int end, int depth) {
        String text = new String(seen, from, end - from, StandardCharsets.ISO_8859_1)
                .replace('+', '-')
                .replace('/', '_');
        String digits = UUID.matcher(text).matches() ? text.replace("-", "") : text;
        if (HEXADECIMAL.matcher(digits).matches()) {
            addRuns(HexFormat.of().parseHex(digits));
            return;
        }
        addBase64(text, depth);
        for (int at = 0; at < Math.min(24, text.length() - ENCODED); at++) {
            if (text.charAt(at) == '_' || text.charAt(at) == '-') {
                addBase64(text.substring(at + 1), depth);
            }
        }
        Matcher hex = HEXADECIMAL.matcher(text);
        while (hex.find()) {
            addRuns(HexFormat.of().parseHex(hex.group()));
        }
    }

    private void addBase64(String text, int depth) {
        add(Base64.getUrlDecoder().decode(text.substring(0, text.length() - (text.length() % 4 == 1 ? 1 : 0))), depth);
    }

    private void addRuns(byte[] bytes) {
        addRuns(bytes, 0, bytes.length);
    }

    private void addRuns(byte[] bytes, int from, int end) {
        long run = 0;
        for (int at = from; at < end; at++) {
            run = run << 8 | (bytes[at] & 0xff);
            if (at - from >= RUN - 1) {
                runs.add(run);
            }
        }
    }

    /** Whether it is something that somebody wrote, and not keys, signatures or random bytes. */
    private static boolean isText(byte[] seen) {
        for (byte b : seen) {
            if (b >= 0 && b < ' ' && b != '\r' && b != '\n' && b != '\t') {
                return false;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(seen));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isLetter(byte b) {
        return LETTERS.indexOf(b) >= 0;
    }

    /** Whether all of the bytes were seen, wherever and in whatever writing. */
    boolean holds(byte[] bytes) {
        return seenOf(bytes) == bytes.length - RUN + 1;
    }

    /** Whether any run of the bytes was seen. */
    boolean holdsAnyOf(byte[] bytes) {
        return seenOf(bytes) > 0;
    }

    private int seenOf(byte[] bytes) {
        int seen = 0;
        long run = 0;
        for (int at = 0; at < bytes.length; at++) {
            run = run << 8 | (bytes[at] & 0xff);
            if (at >= RUN - 1 && runs.has(run)) {
                seen++;
            }
        }
        return seen;
    }

    /** The runs that another view has too, unless everybody may know them. */
    long[] common(View other, View published) {
        return Arrays.stream(runs.all())
                .filter(run -> other.runs.has(run) && !published.runs.has(run))
                .toArray();
    }

    int size() {
        return runs.size();
    }

    /** A run for the reader of a failure. */
    static String shown(long run) {
        byte[] bytes = new byte[RUN];
        for (int i = 0; i < RUN; i++) {
            bytes[i] = (byte) (run >> (8 * (RUN - 1 - i)));
        }
        return HexFormat.of().formatHex(bytes) + " \""
                + new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".") + "\"";
    }
}
