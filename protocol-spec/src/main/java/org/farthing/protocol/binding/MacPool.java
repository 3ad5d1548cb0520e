package org.farthing.protocol.binding;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import org.farthing.protocol.ChallengeTerms;

/**
 * Keyed Macs of one secret, reused: creating and keying one costs more than using it. A queue, not a ThreadLocal, so that
 * virtual threads do not make one each; it holds as many as were ever in use at once. Whoever finds it empty copies the
 * keyed original.
 */
final class MacPool {

    private final Mac original;
    private final Queue<Mac> idle = new ConcurrentLinkedQueue<>();

    MacPool(byte[] secret) {
        original = ChallengeId.mac(secret);
    }

    String id(ChallengeTerms terms) {
        Mac mac = idle.poll();
        if (mac == null) {
            mac = copy();
        }
        String id = ChallengeId.compute(mac, terms);
        idle.add(mac);
        return id;
    }

    private Mac copy() {
        try {
            return (Mac) original.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's " + ChallengeId.MAC + " cannot be copied", e);
        }
    }
}
