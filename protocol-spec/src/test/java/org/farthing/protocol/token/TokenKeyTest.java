package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.testing.Malformed.assertFault;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** Public keys: one encoding each, and nothing else is a token key. */
@Requirement("F-TK-4")
class TokenKeyTest {

    private static final TokenKey KEY = TestTokenKeys.publicKey(0);

    @Test
    void parse_ownEncoding_sameKeyAndNames() throws Exception {
        TokenKey read = TokenKey.parse(KEY.spki());

        assertThat(read).isEqualTo(KEY);
        assertThat(read.keyId()).hasSize(43);
        assertThat(read.truncatedId()).isEqualTo(read.id()[31] & 0xff);
    }

    /** A changed modulus is another key, under another name; anything else is none. */
    @Test
    void parse_anyByteFlipped_refusedOrAnotherKey() {
        byte[] spki = KEY.spki();
        int others = 0;
        for (int at = 0; at < spki.length; at++) {
            byte[] changed = spki.clone();
            changed[at] ^= 2;
            try {
                assertThat(TokenKey.parse(changed).keyId()).isNotEqualTo(KEY.keyId());
                others++;
                assertThat(at).isGreaterThanOrEqualTo(TokenSpki.MODULUS_AT);
            } catch (MalformedException e) {
                assertThat(e.fault()).isEqualTo(Fault.VALUE);
            }
        }
        assertThat(others).isEqualTo(256 + 3);
    }

    @Test
    void parse_cutOrLonger_malformed() {
        byte[] spki = KEY.spki();
        for (int length : new int[] {0, 1, 80, 337, 338, 339, spki.length - 1, spki.length + 1, 4000}) {
            assertFault(Fault.VALUE, () -> TokenKey.parse(Arrays.copyOf(spki, length)));
        }
    }

    /** The same key as other encoders write it: hash algorithms with NULL, or plain rsaEncryption. */
    @Test
    void parse_otherEncodingsOfTheKey_malformed() {
        String hex = HexFormat.of().formatHex(KEY.spki());
        String withNull = hex.replace("a00d300b0609608648016503040202", "a00f300d06096086480165030402020500")
                .replaceFirst("30820152303d", "30820154303f")
                .replaceFirst("010a3030", "010a3032");
        String plain = "30820122300d06092a864886f70d01010105000382010f" + hex.substring(76 * 2);

        assertFault(Fault.VALUE, () -> TokenKey.parse(HexFormat.of().parseHex(withNull)));
        assertFault(Fault.VALUE, () -> TokenKey.parse(HexFormat.of().parseHex(plain)));
    }

    @Test
    void of_numbersThatAreNoTokenKey_malformed() {
        BigInteger n = KEY.rsa().getModulus();
        BigInteger e = BigInteger.valueOf(65537);
        BigInteger two = BigInteger.TWO;

        assertFault(Fault.VALUE, () -> TokenKey.of(n.shiftRight(1), e));
        assertFault(Fault.VALUE, () -> TokenKey.of(n.shiftLeft(1).add(BigInteger.ONE), e));
        assertFault(Fault.VALUE, () -> TokenKey.of(n.subtract(BigInteger.ONE), e));
        for (BigInteger exponent : new BigInteger[] {
            BigInteger.ZERO, BigInteger.ONE, two, two.pow(16), two.pow(32).add(BigInteger.ONE), BigInteger.valueOf(-3)
        }) {
            assertFault(Fault.VALUE, () -> TokenKey.of(n, exponent));
        }
    }

    /** Exponents of any length that is allowed have their own place in the encoding. */
    @Test
    void parse_everyLengthOfExponent_readsBack() throws Exception {
        for (long e : new long[] {3, 127, 129, 65537, 16777217, 4294967295L}) {
            TokenKey key = TokenKey.of(KEY.rsa().getModulus(), BigInteger.valueOf(e));
            assertThat(TokenKey.parse(key.spki())).isEqualTo(key);
        }
    }

    @Test
    @Requirement("F-TK-6")
    void verify_fromManyThreads_eachGetsItsOwnAnswer() throws Exception {
        BlindToken good = BlindTokenTest.token(TestTokenKeys.get(0), 3);
        byte[] bytes = good.bytes();
        bytes[353] ^= 1;
        BlindToken bad = BlindToken.parse(bytes);

        long right = java.util.stream.IntStream.range(0, 400)
                .parallel()
                .filter(i -> KEY.verify(i % 2 == 0 ? good : bad) == (i % 2 == 0))
                .count();

        assertThat(right).isEqualTo(400);
    }

    @Test
    @Requirement("F-TK-6")
    void verify_authenticatorBeyondTheModulus_isFalseAndTheNextIsRight() throws Exception {
        BlindToken good = BlindTokenTest.token(TestTokenKeys.get(0), 4);
        byte[] bytes = good.bytes();
        Arrays.fill(bytes, BlindToken.SIGNED, BlindToken.LENGTH, (byte) 0xff);

        assertThat(KEY.verify(BlindToken.parse(bytes))).isFalse();
        assertThat(KEY.verify(good)).isTrue();
    }
}
