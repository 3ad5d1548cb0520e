package org.farthing.client.method;

import java.math.BigInteger;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.VerificationKey;

/** The {@code did:key} of an Ed25519 key: who pays, for servers that want a DID there (C9). It is informative only. */
final class DidKey {

    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(BASE58.length());

    private DidKey() {}

    static String of(VerificationKey key) {
        try {
            byte[] point = Base64Url.decode(String.valueOf(key.toJwk().get("x")), "x");
            byte[] tagged = new byte[point.length + 2];
            tagged[0] = (byte) 0xed; // the multicodec for an Ed25519 public key, 0xed as a varint
            tagged[1] = 1;
            System.arraycopy(point, 0, tagged, 2, point.length);
            return "did:key:z" + base58(tagged);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("a key shows its point in base64url", e);
        }
    }

    /** Base58 as Bitcoin has it, for bytes that do not start with a zero. */
    private static String base58(byte[] bytes) {
        StringBuilder digits = new StringBuilder();
        for (BigInteger rest = new BigInteger(1, bytes); rest.signum() > 0; rest = rest.divide(BASE)) {
            digits.append(BASE58.charAt(rest.mod(BASE).intValue()));
        }
        return digits.reverse().toString();
    }
}
