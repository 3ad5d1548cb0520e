package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;

/** The lengths of RFC 9578 section 6, and records of one length written one after the other (F-TK-1, F-TK-8). */
final class TokenBytes {

    /** Blind RSA with 2048-bit keys: the one token type of this protocol. */
    static final int TYPE = 0x0002;

    static final int NONCE = 32;
    static final int DIGEST = 32;

    /** Bytes of a modulus, and so of a blinded message and of a signature. */
    static final int NK = 256;

    private TokenBytes() {}

    /** Something read from bytes of one length. */
    interface Reading<T> {
        T read(byte[] bytes) throws MalformedException;
    }

    static void requireLength(byte[] bytes, int length, String where) throws MalformedException {
        if (bytes.length != length) {
            throw new MalformedException(Fault.VALUE, where, length + " bytes are needed");
        }
    }

    static void requireType(byte[] bytes, String where) throws MalformedException {
        if (bytes[0] != 0 || bytes[1] != TYPE) {
            throw new MalformedException(Fault.VALUE, where, "only token type 2, blind RSA of 2048 bits, is known");
        }
    }

    /** Reads base64url of one to {@code max} records of one length. */
    static <T> List<T> parseAll(String base64url, int length, int max, String where, Reading<T> reading)
            throws MalformedException {
        if (max < 1) {
            throw new IllegalArgumentException("at least one must be allowed");
        }
        int longest = Math.multiplyExact(4, Math.multiplyExact(max, length)) / 3 + 3;
        if (base64url.length() > longest) {
            throw new MalformedException(Fault.TOO_LARGE, where, "more than " + max + " times " + length + " bytes");
        }
        byte[] bytes = Base64Url.decode(base64url, where, longest);
        int count = bytes.length / length;
        if (count == 0 || bytes.length % length != 0) {
            throw new MalformedException(Fault.VALUE, where, "one or more times " + length + " bytes are needed");
        }
        if (count > max) {
            throw new MalformedException(Fault.TOO_LARGE, where, "more than " + max + " times " + length + " bytes");
        }
        List<T> read = new ArrayList<>(count);
        for (int at = 0; at < bytes.length; at += length) {
            read.add(reading.read(java.util.Arrays.copyOfRange(bytes, at, at + length)));
        }
        return List.copyOf(read);
    }

    static String format(List<byte[]> records) {
        int total = records.stream().mapToInt(record -> record.length).sum();
        byte[] bytes = new byte[total];
        int at = 0;
        for (byte[] record : records) {
            System.arraycopy(record, 0, bytes, at, record.length);
            at += record.length;
        }
        return Base64Url.encode(bytes);
    }
}
