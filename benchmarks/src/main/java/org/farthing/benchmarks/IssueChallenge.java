package org.farthing.benchmarks;

import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.signature.ChallengeSigner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does one 402 challenge cost to make, beside the HMAC that it cannot do without? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IssueChallenge {

    private Fixture fixture;
    private Mac mac;
    private byte[] slots;

    /** Makes keys and the reused HMAC. */
    @Setup
    public void prepare() throws Exception {
        fixture = new Fixture();
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(fixture.secret, "HmacSHA256"));
        slots = fixture.slots();
    }

    /** The floor: the HMAC over the same bytes, instance reused. */
    @Benchmark
    public byte[] bareHmac() {
        return mac.doFinal(slots);
    }

    /** Nonce, request binding, opaque, id, field value. */
    @Benchmark
    public String unsigned() {
        return challenge().format();
    }

    /** The same with the payee's signature. */
    @Benchmark
    public String signed() {
        return ChallengeSigner.sign(fixture.payee, challenge()).format();
    }

    private Challenge challenge() {
        ChallengeTerms terms = fixture.terms();
        return new Challenge(fixture.ring.id(terms), terms, null, null);
    }
}
