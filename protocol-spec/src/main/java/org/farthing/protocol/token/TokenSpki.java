package org.farthing.protocol.token;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.HexFormat;

/**
 * The one encoding of a token key (RFC 9578 section 6.5). Written by hand because the platform's encoders write the
 * parameters in another way on other releases, and the hash of these bytes is the key's name.
 */
final class TokenSpki {

    /** Where the modulus begins and ends, for every exponent there is. */
    static final int MODULUS_AT = 81;

    static final int EXPONENT_AT = MODULUS_AT + TokenBytes.NK;

    /** id-RSASSA-PSS with SHA-384, MGF1 with SHA-384, a salt of 48 bytes; no NULL anywhere. */
    private static final byte[] ALGORITHM = HexFormat.of()
            .parseHex("303d06092a864886f70d01010a3030a00d300b0609608648016503040202"
                    + "a11a301806092a864886f70d010108300b0609608648016503040202a203020130");

    private TokenSpki() {}

    static byte[] encode(BigInteger n, BigInteger e) {
        byte[] key = sequence(integer(n), integer(e));
        byte[] bits = new byte[key.length + 1];
        System.arraycopy(key, 0, bits, 1, key.length);
        return sequence(ALGORITHM, element(0x03, bits));
    }

    private static byte[] integer(BigInteger number) {
        return element(0x02, number.toByteArray());
    }

    private static byte[] sequence(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return element(0x30, out.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            // All longer ones here have 256 to 65535 bytes.
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
