package org.farthing.server.jetty;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.GateKeys;
import org.farthing.server.keys.ServerKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that change while a handler runs, as its gate uses them: a set that would have been refused at the start is refused as
 * a whole, and the one before stays (specification: keys.md, F-KY-34). Thread-safe; never blocks.
 */
final class HandlerKeys implements Supplier<GateKeys> {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    private final Supplier<ServerKeys> source;
    private final Consumer<SigningKey> check;
    private volatile Seen seen;

    /**
     * Takes the first set.
     *
     * @param check what every signing key must pass; throws {@link IllegalStateException}
     */
    HandlerKeys(Supplier<ServerKeys> source, Consumer<SigningKey> check) {
        this.source = source;
        this.check = check;
        ServerKeys first = source.get();
        first.signing().forEach(check);
        this.seen = new Seen(first, new Set(first));
    }

    /** What the source gave last, and what is used: not the same while the source gives what must not be used. */
    private record Seen(ServerKeys given, GateKeys used) {}

    private record Set(ServerKeys keys) implements GateKeys {

        @Override
        public Optional<SigningKey> signingAt(Instant now) {
            return keys.signingAt(now);
        }

        @Override
        public SecretRing secrets() {
            return keys.secrets();
        }
    }

    /** Another object says that the keys changed; comparing keys would cost more than asking for them. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public GateKeys get() {
        Seen last = seen;
        ServerKeys given = source.get();
        return given == last.given() ? last.used() : renew(given, last);
    }

    private GateKeys renew(ServerKeys given, Seen last) {
        GateKeys used = last.used();
        try {
            given.signing().forEach(check);
            used = new Set(given);
        } catch (IllegalStateException e) {
            LOG.error("New keys are not used; the ones before stay in use. {}", e.getMessage());
        }
        seen = new Seen(given, used);
        return used;
    }
}
