package org.farthing.benchmarks;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenSecretKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does it cost to read and verify a token, beside the platform's RSASSA-PSS verification alone? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VerifyToken {

    private static final int SIGNED = 98;

    private final TokenChallenge challenge =
            TokenChallenge.forPayee(new Origin("https://issuer.example"), new Origin("https://api.example.com"));
    private TokenKey key;
    private java.util.Map<String, Object> payload;
    private BlindToken token;
    private Signature bare;
    private byte[] message;
    private byte[] authenticator;

    /** Makes a key, a token and the reused verifier. */
    @Setup
    public void prepare() throws Exception {
        SecureRandom random = new SecureRandom();
        TokenSecretKey secret = TokenSecretKey.generate(random);
        key = secret.publicKey();
        PendingToken pending = PendingToken.begin(
                key, challenge, random(random, 32), random(random, 48), random(random, PendingToken.BLIND_SEED_LENGTH));
        token = pending.finish(
                new TokenResponse(secret.blindSign(pending.request().blinded())));
        payload = TokenPayload.toPayload(List.of(token));
        message = Arrays.copyOf(token.bytes(), SIGNED);
        authenticator = token.authenticator();
        bare = verifier(key.spki());
    }

    private static byte[] random(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The same numbers as the token's key, without anything of ours. */
    private static Signature verifier(byte[] spki) throws Exception {
        BigInteger n = new BigInteger(1, Arrays.copyOfRange(spki, 81, 337));
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(new PSSParameterSpec(
                "SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, PSSParameterSpec.TRAILER_FIELD_BC));
        verifier.initVerify(
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(n, BigInteger.valueOf(65537))));
        return verifier;
    }

    /** The floor: one verifier, used again and again, on bytes that lie ready. */
    @Benchmark
    public boolean bareVerify() throws Exception {
        bare.update(message);
        return bare.verify(authenticator);
    }

    /** A token that was read already. */
    @Benchmark
    public boolean verify() {
        return token.isFor(challenge) && key.verify(token);
    }

    /** From the text in the credential's payload to the verdict, with the serial that is claimed. */
    @Benchmark
    public boolean parseAndVerify() throws Exception {
        BlindToken read = TokenPayload.parse(payload, 1).get(0);
        return !read.serial().text().isEmpty() && read.isFor(challenge) && key.verify(read);
    }

    /** Base64url alone, to see what reading adds. */
    @Benchmark
    public int bareDecode() {
        return Base64.getUrlDecoder().decode((String) payload.get("tokens")).length;
    }
}
