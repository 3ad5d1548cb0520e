package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** Secret keys: what is loaded, what never leaves. */
@Requirement("F-TK-13")
class TokenSecretKeyTest {

    private static final TokenSecretKey KEY = TestTokenKeys.get(0);

    static RSAPrivateCrtKey crt(TokenSecretKey key) {
        try {
            return (RSAPrivateCrtKey)
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key.pkcs8()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The key with one bit of one of its secret numbers wrong, as a bad file or bad memory has it. */
    private static RSAPrivateCrtKey damaged() throws GeneralSecurityException {
        RSAPrivateCrtKey key = crt(KEY);
        return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        key.getModulus(),
                        key.getPublicExponent(),
                        key.getPrivateExponent(),
                        key.getPrimeP(),
                        key.getPrimeQ(),
                        key.getPrimeExponentP().flipBit(77),
                        key.getPrimeExponentQ(),
                        key.getCrtCoefficient()));
    }

    @Test
    void fromPkcs8_ownFile_sameKey() throws Exception {
        TokenSecretKey read = TokenSecretKey.fromPkcs8(KEY.pkcs8());

        assertThat(read.publicKey()).isEqualTo(KEY.publicKey());
        assertThat(read.pkcs8()).isEqualTo(KEY.pkcs8());
    }

    /** A wrong result of a CRT computation gives a factor of the modulus to whoever sees it. */
    @Test
    @Requirement("T60")
    void blindSign_wrongResult_neverLeaves() throws Exception {
        TokenSecretKey faulty = TokenSecretKey.of(damaged());
        byte[] message = new byte[256];
        message[255] = 5;

        assertThatThrownBy(() -> faulty.blindSign(message))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not given out");
    }

    @Test
    void fromPkcs8_damagedKey_isNotLoaded() throws Exception {
        byte[] damaged = damaged().getEncoded();

        assertFault(Fault.VALUE, () -> TokenSecretKey.fromPkcs8(damaged));
    }

    @Test
    void fromPkcs8_otherThings_areNoKey() {
        byte[] cut = Arrays.copyOf(KEY.pkcs8(), 600);

        assertFault(Fault.VALUE, () -> TokenSecretKey.fromPkcs8(cut));
        assertFault(Fault.VALUE, () -> TokenSecretKey.fromPkcs8(new byte[0]));
        assertFault(Fault.VALUE, () -> TokenSecretKey.fromPkcs8(KEY.publicKey().spki()));
    }

    @Test
    @Requirement("F-TK-14")
    void blindSign_sameMessage_sameBytes() throws Exception {
        byte[] message = new byte[256];
        message[200] = 9;

        assertThat(KEY.blindSign(message)).isEqualTo(KEY.blindSign(message));
    }

    @Test
    void toString_ofAKey_saysItsNameOnly() {
        assertThat(KEY.toString()).isEqualTo("TokenSecretKey[" + KEY.publicKey().keyId() + "]");
        assertThat(KEY.toString()).doesNotContain(Base64.getEncoder().encodeToString(KEY.pkcs8()));
    }

    @Test
    @Requirement("T66")
    void generate_newKey_signsAndIsNew() throws Exception {
        TokenSecretKey made = TokenSecretKey.generate(new SecureRandom());
        byte[] two = new byte[256];
        two[255] = 2;
        BigInteger signed = new BigInteger(1, made.blindSign(two));

        assertThat(signed.modPow(BigInteger.valueOf(65537), crt(made).getModulus()))
                .isEqualTo(BigInteger.TWO);
        assertThat(TestTokenKeys.all()).extracting(TokenSecretKey::publicKey).doesNotContain(made.publicKey());
    }
}
