package org.farthing.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.Credential;
import org.farthing.protocol.wallet.PaymentOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does it cost to read and verify one credential, beside the bare primitives that any reader needs? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VerifyCredential {

    private final JsonFactory json = new JsonFactory();
    private Fixture fixture;
    private Mac mac;
    private byte[] slots;

    /** Makes a credential and the reused HMAC. */
    @Setup
    public void prepare() throws Exception {
        fixture = new Fixture();
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(fixture.secret, "HmacSHA256"));
        slots = fixture.slots();
    }

    /** The floor: base64url, a JSON token stream nobody keeps, and the HMAC. */
    @Benchmark
    public int barePrimitives() throws Exception {
        int texts = mac.doFinal(slots)[0];
        byte[] envelope = Base64.getUrlDecoder().decode(fixture.credential.token68());
        try (JsonParser parser = json.createParser(envelope)) {
            while (parser.nextToken() != null) {
                texts += parser.getTextLength();
            }
        }
        return texts;
    }

    /** Strict reading of the field value, checks of every member included. */
    @Benchmark
    public Credential parse() throws Exception {
        return Credential.parse(fixture.credentialField);
    }

    /** Reading, the challenge id in constant time, and the expiry. */
    @Benchmark
    public boolean parseAndVerifyChallenge() throws Exception {
        Credential credential = Credential.parse(fixture.credentialField);
        return fixture.ring.verify(credential.challenge(), Fixture.NOW)
                && Fixture.NOW.isBefore(credential.challenge().expiresAt());
    }

    /** The same and the wallet's Ed25519 signature: all the cryptography of one paid request. */
    @Benchmark
    public boolean parseAndVerifyOrder() throws Exception {
        Credential credential = Credential.parse(fixture.credentialField);
        boolean ours = fixture.ring.verify(credential.challenge(), Fixture.NOW);
        PaymentOrder.parse(credential).verify(fixture.payer.publicKey(), Fixture.ORIGIN);
        return ours;
    }
}
