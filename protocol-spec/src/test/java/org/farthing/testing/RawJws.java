package org.farthing.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * Signs whatever header and payload a test wants, with the JDK's own Ed25519: a holder of the right key who does not
 * follow the rules. Our own signer would refuse most of it.
 */
public final class RawJws {

    private RawJws() {}

    /** {@code header.payload.signature}, rightly signed. */
    public static String compact(SigningKey key, Map<String, ? extends @Nullable Object> header, String payload) {
        String input = input(header, payload);
        return input + "." + Base64Url.encode(ed25519(key, input));
    }

    /** {@code header..signature}, rightly signed. */
    public static String detached(SigningKey key, Map<String, ? extends @Nullable Object> header, String payload) {
        String whole = compact(key, header, payload);
        return whole.substring(0, whole.indexOf('.')) + ".." + whole.substring(whole.lastIndexOf('.') + 1);
    }

    /** The same with a MAC for the signature, its secret being the public key: what alg confusion is about (T17). */
    public static String mac(
            SigningKey key, String algorithm, Map<String, ? extends @Nullable Object> header, String payload) {
        try {
            String input = input(header, payload);
            byte[] secret = key.publicKey().toString().getBytes(StandardCharsets.UTF_8);
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return input + "." + Base64Url.encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String input(Map<String, ? extends @Nullable Object> header, String payload) {
        return Base64Url.encodeUtf8(CanonicalJson.write(header)) + "." + Base64Url.encodeUtf8(payload);
    }

    private static byte[] ed25519(SigningKey key, String input) {
        try {
            Map<String, ?> jwk = StrictJson.parseObject(key.exportPrivateJwk(), "jwk", StrictJson.Limits.FIELD);
            byte[] seed = Base64.getUrlDecoder().decode(String.valueOf(jwk.get("d")));
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException | MalformedException e) {
            throw new IllegalStateException(e);
        }
    }
}
