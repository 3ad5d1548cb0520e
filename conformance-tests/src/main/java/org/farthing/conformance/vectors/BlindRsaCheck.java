package org.farthing.conformance.vectors;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.HexFormat;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.token.BlindRsa;

/** Kind {@code blind-rsa}: blinding, signing and finishing with keys of any size. */
final class BlindRsaCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        BigInteger n = number(input, "modulus");
        BigInteger e = number(input, "exponent");
        try {
            RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, e));
            return HexFormat.of().formatHex(run(input, n, key));
        } catch (GeneralSecurityException | ClassCastException unfit) {
            throw new BrokenVectorException("the numbers are no RSA key");
        }
    }

    private static byte[] run(CaseInput input, BigInteger n, RSAPublicKey key)
            throws MalformedException, SignatureRejectedException, BrokenVectorException, GeneralSecurityException {
        return switch (input.op()) {
            case "blind" -> {
                byte[] salt = input.bytes("salt");
                BlindRsa variant = new BlindRsa(salt.length);
                yield variant.blind(
                        key,
                        input.bytes("message"),
                        salt,
                        number(input, "inverse").modInverse(n));
            }
            case "sign" -> BlindRsa.sign(secret(input, n, key.getPublicExponent()), input.bytes("blinded"));
            case "finish" ->
                new BlindRsa((int) input.number("saltLength"))
                        .finish(
                                key,
                                input.bytes("message"),
                                input.bytes("blindSignature"),
                                number(input, "inverse").modInverse(n));
            default -> throw input.unknownOp();
        };
    }

    private static RSAPrivateCrtKey secret(CaseInput input, BigInteger n, BigInteger e)
            throws BrokenVectorException, GeneralSecurityException {
        BigInteger p = number(input, "prime");
        BigInteger q = number(input, "otherPrime");
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        BigInteger d = e.modInverse(p1.multiply(q1));
        return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(n, e, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)));
    }

    private static BigInteger number(CaseInput input, String member) throws BrokenVectorException {
        return new BigInteger(1, input.bytes(member));
    }
}
