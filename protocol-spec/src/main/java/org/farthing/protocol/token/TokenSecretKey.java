package org.farthing.protocol.token;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;

/**
 * The private half of a key that signs tokens. Whoever has it makes money; it MUST be used for nothing else, because it
 * signs what others choose without seeing it (T60; F-TK-13).
 */
public final class TokenSecretKey {

    private static final String WHERE = "tokenSecretKey";
    private static final RSAKeyGenParameterSpec PARAMETERS =
            new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);

    private final RSAPrivateCrtKey key;
    private final TokenKey publicKey;

    private TokenSecretKey(RSAPrivateCrtKey key) throws MalformedException {
        this.key = key;
        this.publicKey = TokenKey.of(key.getModulus(), key.getPublicExponent());
    }

    /**
     * Makes a key. It takes a large part of a second.
     *
     * @param random where its randomness comes from
     * @return a new key
     */
    public static TokenSecretKey generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(PARAMETERS, random);
            return new TokenSecretKey(
                    (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException | MalformedException e) {
            throw new IllegalStateException("the platform cannot make RSA keys of 2048 bits", e);
        }
    }

    /**
     * Reads a key and tries it: numbers that do not belong together would give wrong signatures, and those betray the key.
     *
     * @param pkcs8 what {@link #pkcs8} wrote, or the same under the name id-RSASSA-PSS
     * @return the key
     * @throws MalformedException if it is no such key, or its numbers do not belong together
     */
    public static TokenSecretKey fromPkcs8(byte[] pkcs8) throws MalformedException {
        RSAPrivateCrtKey crt = decode(pkcs8);
        boolean whole = crt.getPrimeP().multiply(crt.getPrimeQ()).equals(crt.getModulus());
        if (whole) {
            TokenSecretKey key = of(crt);
            try {
                byte[] probe = new byte[TokenBytes.NK];
                probe[probe.length - 1] = 2;
                key.blindSign(probe);
                return key;
            } catch (IllegalStateException e) {
                whole = false;
            }
        }
        throw new MalformedException(Fault.VALUE, WHERE, "numbers that do not belong together: the key is damaged");
    }

    /**
     * Takes a key of the platform as it is, without trying it. Wrong results are still never given out.
     *
     * @param crt a key of 2048 bits that the platform made or read
     * @return the key
     * @throws MalformedException if it has another size or exponent
     */
    public static TokenSecretKey of(RSAPrivateCrtKey crt) throws MalformedException {
        return new TokenSecretKey(crt);
    }

    private static RSAPrivateCrtKey decode(byte[] pkcs8) throws MalformedException {
        for (String name : List.of("RSA", "RSASSA-PSS")) {
            try {
                PrivateKey key = KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                if (key instanceof RSAPrivateCrtKey crt) {
                    return plain(crt);
                }
            } catch (InvalidKeySpecException e) {
                // the other name, or no key at all
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the platform has no " + name, e);
            }
        }
        throw new MalformedException(Fault.VALUE, WHERE, "an RSA key in PKCS 8 is needed");
    }

    /** The platform's cipher takes no key that is named after RSASSA-PSS. */
    private static RSAPrivateCrtKey plain(RSAPrivateCrtKey crt) throws GeneralSecurityException {
        return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        crt.getModulus(),
                        crt.getPublicExponent(),
                        crt.getPrivateExponent(),
                        crt.getPrimeP(),
                        crt.getPrimeQ(),
                        crt.getPrimeExponentP(),
                        crt.getPrimeExponentQ(),
                        crt.getCrtCoefficient()));
    }

    /**
     * Returns the key for its file. It is the power to make money: keep it where nobody else reads it.
     *
     * @return PKCS 8 in DER
     */
    public byte[] pkcs8() {
        return key.getEncoded();
    }

    /**
     * Returns the public half.
     *
     * @return the key that verifies
     */
    public TokenKey publicKey() {
        return publicKey;
    }

    /**
     * Signs one blinded message. The same message always gets the same bytes (F-TK-14).
     *
     * @param blinded 256 bytes, a number below the modulus and coprime to it
     * @return the blind signature, 256 bytes
     * @throws MalformedException if the message is not that
     * @throws IllegalStateException if the machine computed something wrong, which then goes nowhere
     */
    public byte[] blindSign(byte[] blinded) throws MalformedException {
        return BlindRsa.sign(key, blinded);
    }

    /**
     * Signs many blinded messages.
     *
     * @param blinded the messages
     * @return their signatures, in that order
     * @throws MalformedException if one of them is no number below the modulus and coprime to it; none is signed then
     * @throws IllegalStateException if the machine computed something wrong
     */
    public List<byte[]> blindSignAll(List<byte[]> blinded) throws MalformedException {
        return BlindRsa.signAll(key, blinded);
    }

    /**
     * Refuses what {@link #blindSign} would refuse, without signing: so that nobody is asked to pay for it.
     *
     * @param blinded the message
     * @throws MalformedException if it is no number below the modulus and coprime to it, of 256 bytes
     */
    public void requireSignable(byte[] blinded) throws MalformedException {
        BlindRsa.requireSignable(key.getModulus(), blinded);
    }

    /**
     * Refuses what {@link #blindSignAll} would refuse, without signing; for many it takes hardly longer than for one.
     *
     * @param blinded the messages
     * @throws MalformedException if one of them is no number below the modulus and coprime to it, of 256 bytes
     */
    public void requireAllSignable(List<byte[]> blinded) throws MalformedException {
        BlindRsa.requireAllSignable(key.getModulus(), blinded);
    }

    /** Shows the public half's name. */
    @Override
    public String toString() {
        return "TokenSecretKey[" + publicKey.keyId() + "]";
    }
}
