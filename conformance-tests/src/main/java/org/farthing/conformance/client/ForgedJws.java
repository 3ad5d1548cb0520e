package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.VerificationKey;

/** Detached signatures that look right to whoever does not check what they must: made with a key that nobody listed. */
final class ForgedJws {

    private static final int POINT = 32;

    private final KeyPair pair;

    ForgedJws() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", e);
        }
    }

    /** The public key, as a message would bring it along. */
    Map<String, Object> jwk() {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - POINT, encoded.length);
        return Map.of("kty", "OKP", "crv", "Ed25519", "x", Base64Url.encode(point));
    }

    /** Signs a text truly, with a header that is changed before. */
    String sign(String payload, Consumer<Map<String, Object>> change) {
        Map<String, Object> header = header("EdDSA", "forged");
        change.accept(header);
        return detached(header, payload, input -> {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(input);
            return signature.sign();
        });
    }

    /** Signs nothing, in the name of a key. */
    String unsigned(String payload, VerificationKey key) {
        return detached(header("none", key.kid()), payload, input -> new byte[0]);
    }

    /** Authenticates a text with what everybody knows: the public key, taken for a secret. */
    String mac(String payload, VerificationKey key) {
        return detached(header("HS256", key.kid()), payload, input -> {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(point(key), "HmacSHA256"));
            return mac.doFinal(input);
        });
    }

    private static byte[] point(VerificationKey key) {
        try {
            return Base64Url.decode(String.valueOf(key.toJwk().get("x")), "x");
        } catch (MalformedException e) {
            throw new IllegalStateException("a key shows its point in base64url", e);
        }
    }

    private static Map<String, Object> header(String algorithm, String kid) {
        Map<String, Object> header = new TreeMap<>();
        header.put("alg", algorithm);
        header.put("kid", kid);
        header.put("typ", "payment-challenge+jws");
        return header;
    }

    @FunctionalInterface
    private interface Signing {
        byte[] sign(byte[] input) throws GeneralSecurityException;
    }

    private static String detached(Map<String, Object> header, String payload, Signing signing) {
        String head = Base64Url.encodeUtf8(CanonicalJson.write(header));
        try {
            byte[] signature = signing.sign((head + "." + Base64Url.encodeUtf8(payload)).getBytes(UTF_8));
            return head + ".." + Base64Url.encode(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 15 on can sign like this", e);
        }
    }
}
