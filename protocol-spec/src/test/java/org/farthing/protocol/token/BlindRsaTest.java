package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.farthing.testing.Malformed.assertFault;

import java.math.BigInteger;
import java.security.Security;
import java.util.Arrays;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** Blind signatures: what may be blinded, signed and finished. The published examples are vectors. */
@Requirement("F-TK-12")
class BlindRsaTest {

    private static final TokenSecretKey SECRET = TestTokenKeys.get(1);
    private static final TokenKey KEY = SECRET.publicKey();
    private static final BigInteger N = KEY.rsa().getModulus();
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final byte[] SALT = new byte[48];
    private static final BigInteger BLIND = new BigInteger("1234567890123456789");

    @Test
    void blind_rangeOfTheBlind_isEnforced() {
        for (BigInteger bad : new BigInteger[] {
            BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE.negate(), N, N.add(BigInteger.TWO), prime()
        }) {
            assertThatThrownBy(() -> TokenKey.RSA.blind(KEY.rsa(), MESSAGE, SALT, bad))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void blind_saltOfAnotherLength_isRefused() {
        assertThatThrownBy(() -> TokenKey.RSA.blind(KEY.rsa(), MESSAGE, new byte[47], BLIND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlindRsa(32)).isInstanceOf(IllegalArgumentException.class);
    }

    /** One message under two blinds: nothing in common, and the same signature in the end. */
    @Test
    void blind_sameMessageOtherBlind_anotherNumberAndTheSameSignature() throws Exception {
        byte[] one = TokenKey.RSA.blind(KEY.rsa(), MESSAGE, SALT, BLIND);
        byte[] other = TokenKey.RSA.blind(KEY.rsa(), MESSAGE, SALT, BLIND.add(BigInteger.ONE));

        assertThat(one).isNotEqualTo(other);
        assertThat(TokenKey.RSA.finish(KEY.rsa(), MESSAGE, SECRET.blindSign(one), BLIND))
                .isEqualTo(TokenKey.RSA.finish(KEY.rsa(), MESSAGE, SECRET.blindSign(other), BLIND.add(BigInteger.ONE)));
    }

    @Test
    void finish_answersThatAreNone_areRejected() throws Exception {
        byte[] blinded = TokenKey.RSA.blind(KEY.rsa(), MESSAGE, SALT, BLIND);
        byte[] good = SECRET.blindSign(blinded);
        byte[] flipped = good.clone();
        flipped[100] ^= 1;
        byte[] beyond = new byte[256];
        Arrays.fill(beyond, (byte) 0xff);

        rejected(Reason.BAD_SIGNATURE, flipped);
        rejected(Reason.BAD_SIGNATURE, blinded);
        rejected(Reason.BAD_SIGNATURE, new byte[256]);
        rejected(Reason.MALFORMED, beyond);
        rejected(Reason.MALFORMED, Arrays.copyOf(good, 255));
        rejected(Reason.MALFORMED, new byte[0]);
    }

    private static void rejected(Reason reason, byte[] answer) {
        assertThatThrownBy(() -> TokenKey.RSA.finish(KEY.rsa(), MESSAGE, answer, BLIND))
                .asInstanceOf(type(SignatureRejectedException.class))
                .returns(reason, SignatureRejectedException::reason);
    }

    @Test
    @Requirement({"F-TK-13", "T60"})
    void sign_numbersOutsideTheGroup_areRefused() {
        byte[] modulus = Arrays.copyOfRange(N.toByteArray(), 1, 257);
        byte[] beyond = new byte[256];
        Arrays.fill(beyond, (byte) 0xff);

        assertFault(Fault.VALUE, () -> SECRET.blindSign(modulus));
        assertFault(Fault.VALUE, () -> SECRET.blindSign(beyond));
        assertFault(Fault.VALUE, () -> SECRET.blindSign(new byte[256]));
        assertFault(Fault.VALUE, () -> SECRET.blindSign(padded(prime())));
        assertFault(Fault.VALUE, () -> SECRET.blindSign(padded(prime().shiftLeft(3))));
        assertFault(Fault.VALUE, () -> SECRET.blindSign(new byte[] {2}));
        assertFault(Fault.VALUE, () -> SECRET.blindSign(new byte[257]));
        assertFault(Fault.VALUE, () -> SECRET.requireSignable(new byte[256]));
    }

    /**
     * Applications put other providers before the platform's; BouncyCastle's raw RSA leaves leading zeros out. One answer
     * in 256 would have been too short for its record.
     */
    @Test
    @Requirement({"F-TK-11", "F-TK-14"})
    void sign_byAProviderThatLeavesLeadingZerosOut_has256Bytes() throws Exception {
        BigInteger small = BigInteger.TWO.pow(1999).add(BigInteger.ONE);
        byte[] message = padded(small.modPow(KEY.rsa().getPublicExponent(), N));
        byte[] expected = SECRET.blindSign(message);
        BouncyCastleProvider other = new BouncyCastleProvider();
        assertThat(Security.insertProviderAt(other, 1)).isEqualTo(1);
        try {
            assertThat(SECRET.blindSign(message)).hasSize(256).isEqualTo(expected);
            assertThat(KEY.verify(BlindTokenTest.token(SECRET, 77))).isTrue();
        } finally {
            Security.removeProvider(other.getName());
        }
    }

    @Test
    @Requirement({"F-TK-13", "F-TK-14", "T60"})
    void signAll_oneIsBad_noneIsSigned() throws Exception {
        byte[] good = TokenKey.RSA.blind(KEY.rsa(), MESSAGE, SALT, BLIND);

        assertFault(Fault.VALUE, () -> SECRET.blindSignAll(java.util.List.of(good, new byte[256])));
        assertFault(Fault.VALUE, () -> SECRET.blindSignAll(java.util.List.of(good, padded(prime()), good)));
        assertThat(SECRET.blindSignAll(java.util.List.of(good, good)))
                .containsExactly(SECRET.blindSign(good), SECRET.blindSign(good));
    }

    private static BigInteger prime() {
        return TokenSecretKeyTest.crt(SECRET).getPrimeP();
    }

    private static byte[] padded(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[256];
        int length = Math.min(bytes.length, padded.length);
        System.arraycopy(bytes, bytes.length - length, padded, padded.length - length, length);
        return padded;
    }
}
