package org.farthing.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.protocol.token.TokenSecretKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What do 1,000 tokens cost the issuer, in four purchases of 250, beside 1,000 private RSA operations and nothing else? */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SignTokens {

    private static final int TOKENS = 1000;
    private static final int PURCHASE = 250;

    private final List<byte[]> messages = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private TokenSecretKey key;
    private Cipher bare;

    /** Makes a key and the blinded messages: any number below the modulus is as good as another. */
    @Setup
    public void prepare() throws Exception {
        SecureRandom random = new SecureRandom();
        key = TokenSecretKey.generate(random);
        bare = Cipher.getInstance("RSA/ECB/NoPadding");
        bare.init(
                Cipher.DECRYPT_MODE,
                KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key.pkcs8())));
        List<TokenRequest> requests = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            byte[] message = new byte[256];
            random.nextBytes(message);
            message[0] = 0;
            messages.add(message);
            requests.add(new TokenRequest(key.publicKey().truncatedId(), message));
        }
        for (int from = 0; from < TOKENS; from += PURCHASE) {
            bodies.add(new PurchaseBody(requests.subList(from, from + PURCHASE))
                    .format()
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The floor: one cipher, used again and again; nothing is read, checked or written. */
    @Benchmark
    @OperationsPerInvocation(TOKENS)
    public int barePrivateOperations() throws Exception {
        int sum = 0;
        for (byte[] message : messages) {
            sum += bare.doFinal(message)[0];
        }
        return sum;
    }

    /** From the bodies of the purchases to those of the answers: read, checked, signed, every signature verified, written. */
    @Benchmark
    @OperationsPerInvocation(TOKENS)
    public int readSignAndWrite() throws Exception {
        int sum = 0;
        for (byte[] body : bodies) {
            List<byte[]> blinded = PurchaseBody.parse(body).requests().stream()
                    .map(TokenRequest::blinded)
                    .toList();
            List<TokenResponse> responses =
                    key.blindSignAll(blinded).stream().map(TokenResponse::new).toList();
            sum += new TokenResponses(responses).format().length();
        }
        return sum;
    }
}
