package org.farthing.protocol.token;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;

/**
 * RSA blind signatures with SHA-384 (RFC 9474): what blinds, signs and finishes. Messages are signed as they are; whoever
 * wants the randomized variants puts the 32 random bytes before the message. Tokens use it with a salt of 48 bytes and
 * keys of 2048 bits, by {@link TokenSecretKey} and {@link PendingToken} (F-TK-12).
 *
 * <p>Only the encoding and the client's blinding are computed here; private operations and verification are the
 * platform's.
 */
public final class BlindRsa {

    private static final String HASH = "SHA-384";
    private static final int HASH_LENGTH = 48;
    private static final int TRAILER = 0xbc;
    private static final String RAW = "RSA/ECB/NoPadding";

    private final int saltLength;

    /**
     * Makes a variant.
     *
     * @param saltLength bytes of the salt: 48, or 0 for the variants named PSSZERO
     * @throws IllegalArgumentException if it is another number
     */
    public BlindRsa(int saltLength) {
        if (saltLength != 0 && saltLength != HASH_LENGTH) {
            throw new IllegalArgumentException("a salt has 0 or " + HASH_LENGTH + " bytes");
        }
        this.saltLength = saltLength;
    }

    /**
     * Encodes and blinds a message.
     *
     * @param key the signer's key
     * @param message the prepared message
     * @param salt random bytes, as many as the variant has
     * @param blind a random number above 1 and below the modulus, used once: who knows it can join token and purchase
     * @return the blinded message, as long as the modulus
     * @throws IllegalArgumentException if salt or blind are out of range
     */
    public byte[] blind(RSAPublicKey key, byte[] message, byte[] salt, BigInteger blind) {
        BigInteger n = key.getModulus();
        if (salt.length != saltLength) {
            throw new IllegalArgumentException("the salt has " + saltLength + " bytes");
        }
        if (blind.compareTo(BigInteger.ONE) <= 0
                || blind.compareTo(n) >= 0
                || !blind.gcd(n).equals(BigInteger.ONE)) {
            throw new IllegalArgumentException("a blind is above 1, below the modulus and coprime to it");
        }
        BigInteger encoded = new BigInteger(1, encode(message, salt, n.bitLength() - 1));
        if (!encoded.gcd(n).equals(BigInteger.ONE)) {
            throw new IllegalArgumentException("the message has a factor of the modulus: the key is broken");
        }
        return bytes(encoded.multiply(blind.modPow(key.getPublicExponent(), n)).mod(n), n);
    }

    /**
     * Makes the signature of the message out of that of the blinded message, and verifies it.
     *
     * @param key the signer's key
     * @param message the prepared message
     * @param blindSignature what the signer answered
     * @param blind the number that blinded
     * @return the signature
     * @throws SignatureRejectedException if it does not verify: the signer did not sign what it was sent
     */
    public byte[] finish(RSAPublicKey key, byte[] message, byte[] blindSignature, BigInteger blind)
            throws SignatureRejectedException {
        BigInteger n = key.getModulus();
        BigInteger signed = new BigInteger(1, blindSignature);
        if (blindSignature.length != length(n) || signed.compareTo(n) >= 0) {
            throw new SignatureRejectedException(Reason.MALFORMED, "a blind signature is a number below the modulus");
        }
        byte[] signature = bytes(signed.multiply(blind.modInverse(n)).mod(n), n);
        try {
            Signature verifier = verifier(key);
            verifier.update(message);
            if (verifier.verify(signature)) {
                return signature;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot verify with this key", e);
        }
        throw new SignatureRejectedException(Reason.BAD_SIGNATURE, "the signer did not sign the blinded message");
    }

    /** A signature that is ready to verify with that key again and again. */
    Signature verifier(RSAPublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(new PSSParameterSpec(
                HASH, "MGF1", MGF1ParameterSpec.SHA384, saltLength, PSSParameterSpec.TRAILER_FIELD_BC));
        verifier.initVerify(key);
        return verifier;
    }

    /**
     * Signs a blinded message: the private operation on a number that somebody else chose. The platform blinds it against
     * timing, and the result is checked before it is given out, because a wrong one can betray the key (T60).
     *
     * @param key the signer's key, used for nothing else
     * @param blinded the blinded message
     * @return the blind signature, always the same for the same message
     * @throws MalformedException if the message is not a number below the modulus and coprime to it, of its length
     * @throws IllegalStateException if the machine computed something wrong
     */
    public static byte[] sign(RSAPrivateCrtKey key, byte[] blinded) throws MalformedException {
        return signed(key, blinded, requireSignable(key.getModulus(), blinded));
    }

    /** Signs many, with one question for common factors: it costs as much as a tenth of a private operation. */
    static List<byte[]> signAll(RSAPrivateCrtKey key, List<byte[]> blinded) throws MalformedException {
        List<BigInteger> messages = requireAllSignable(key.getModulus(), blinded);
        List<byte[]> signatures = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            signatures.add(signed(key, blinded.get(i), messages.get(i)));
        }
        return signatures;
    }

    /**
     * Refuses numbers that are none of the group. Only the public modulus is compared with them: what somebody else chose
     * meets the secret numbers in the platform's blinded operation and nowhere else.
     */
    static BigInteger requireSignable(BigInteger n, byte[] blinded) throws MalformedException {
        BigInteger message = requireBelow(n, blinded);
        requireCoprime(n, message);
        return message;
    }

    /** The same of many, with one question for common factors. */
    static List<BigInteger> requireAllSignable(BigInteger n, List<byte[]> blinded) throws MalformedException {
        List<BigInteger> messages = new ArrayList<>(blinded.size());
        BigInteger product = BigInteger.ONE;
        for (byte[] one : blinded) {
            BigInteger message = requireBelow(n, one);
            messages.add(message);
            product = product.multiply(message).mod(n);
        }
        requireCoprime(n, product);
        return messages;
    }

    private static BigInteger requireBelow(BigInteger n, byte[] blinded) throws MalformedException {
        BigInteger message = new BigInteger(1, blinded);
        if (blinded.length != length(n) || message.compareTo(n) >= 0) {
            throw new MalformedException(Fault.VALUE, "blinded", "a number below the modulus is needed");
        }
        return message;
    }

    private static void requireCoprime(BigInteger n, BigInteger number) throws MalformedException {
        if (!number.gcd(n).equals(BigInteger.ONE)) {
            throw new MalformedException(Fault.VALUE, "blinded", "a number coprime to the modulus is needed");
        }
    }

    private static byte[] signed(RSAPrivateCrtKey key, byte[] blinded, BigInteger message) {
        BigInteger n = key.getModulus();
        BigInteger signature = new BigInteger(1, privateOperation(key, blinded));
        if (signature.compareTo(n) >= 0
                || !signature.modPow(key.getPublicExponent(), n).equals(message)) {
            throw new IllegalStateException(
                    "a private RSA operation gave a wrong result, which is not given out: check key file and memory");
        }
        // Some providers that an application puts before the platform's leave leading zeros out.
        return bytes(signature, n);
    }

    private static byte[] privateOperation(RSAPrivateCrtKey key, byte[] message) {
        try {
            Cipher cipher = Cipher.getInstance(RAW);
            cipher.init(Cipher.DECRYPT_MODE, key);
            return cipher.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform has no " + RAW, e);
        }
    }

    /** A key as the platform's cipher and signatures both take it. */
    static RSAPublicKey publicKey(BigInteger n, BigInteger e) throws GeneralSecurityException {
        return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e));
    }

    /** EMSA-PSS (RFC 8017 section 9.1.1). */
    private byte[] encode(byte[] message, byte[] salt, int bits) {
        MessageDigest sha = sha384();
        byte[] hashed = sha.digest(message);
        sha.update(new byte[8]);
        sha.update(hashed);
        byte[] h = sha.digest(salt);
        int length = (bits + 7) / 8;
        byte[] encoded = new byte[length];
        int masked = length - HASH_LENGTH - 1;
        encoded[masked - saltLength - 1] = 1;
        System.arraycopy(salt, 0, encoded, masked - saltLength, saltLength);
        mask(encoded, masked, h, sha);
        encoded[0] &= (byte) (0xff >> (8 * length - bits));
        System.arraycopy(h, 0, encoded, masked, HASH_LENGTH);
        encoded[length - 1] = (byte) TRAILER;
        return encoded;
    }

    /** MGF1 (RFC 8017 appendix B.2.1), onto the first bytes. */
    private static void mask(byte[] encoded, int masked, byte[] seed, MessageDigest sha) {
        for (int at = 0; at < masked; at += HASH_LENGTH) {
            int counter = at / HASH_LENGTH;
            sha.update(seed);
            byte[] mask = sha.digest(new byte[] {0, 0, (byte) (counter >> 8), (byte) counter});
            for (int i = at; i < Math.min(at + HASH_LENGTH, masked); i++) {
                encoded[i] ^= mask[i - at];
            }
        }
    }

    private static MessageDigest sha384() {
        try {
            return MessageDigest.getInstance(HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + HASH, e);
        }
    }

    private static int length(BigInteger n) {
        return (n.bitLength() + 7) / 8;
    }

    /** I2OSP: as many bytes as the modulus has. */
    private static byte[] bytes(BigInteger number, BigInteger n) {
        byte[] signed = number.toByteArray();
        int length = length(n);
        if (signed.length > length) {
            return Arrays.copyOfRange(signed, signed.length - length, signed.length);
        }
        byte[] bytes = new byte[length];
        System.arraycopy(signed, 0, bytes, length - signed.length, signed.length);
        return bytes;
    }
}
