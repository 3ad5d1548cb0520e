package org.farthing.conformance.reference;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ReferenceServer} runs.
 *
 * @param folder where keys, ledgers and the config file are kept; null for a temporary folder that goes with the server
 * @param port the port on loopback, 0 for any free one
 * @param walletService whether a wallet service runs beside it, on the next port (or any free one)
 * @param shortLife how long the challenges of the page {@code short} live, at least a second
 * @param clock the time of challenges, keys and ledgers
 * @param mint the keys of its issuer of blind tokens, in a folder of their own; null for no tokens
 * @param around puts something around all handlers of both, such as a test that breaks what they say
 */
public record ReferenceSettings(
        @Nullable Path folder,
        int port,
        boolean walletService,
        Duration shortLife,
        InstantSource clock,
        ReferenceTokenKeys.@Nullable Source mint,
        UnaryOperator<Handler> around) {

    /** Loopback, any free port, nothing kept, no wallet service, no tokens, the machine's clock. */
    public static ReferenceSettings temporary() {
        return new ReferenceSettings(
                null, 0, false, Duration.ofSeconds(2), InstantSource.system(), null, UnaryOperator.identity());
    }

    /** The same on a port. */
    public ReferenceSettings on(int other) {
        return new ReferenceSettings(folder, other, walletService, shortLife, clock, mint, around);
    }

    /** The same in a folder that stays. */
    public ReferenceSettings in(@Nullable Path other) {
        return new ReferenceSettings(other, port, walletService, shortLife, clock, mint, around);
    }

    /** The same with a wallet service, or without. */
    public ReferenceSettings withWalletService(boolean one) {
        return new ReferenceSettings(folder, port, one, shortLife, clock, mint, around);
    }

    /** The same with an issuer of blind tokens that makes its keys at its first start, or without. */
    public ReferenceSettings withTokens(boolean some) {
        return withTokens(some ? ReferenceTokenKeys::in : null);
    }

    /** The same with an issuer of blind tokens that has these keys, for 500, 1000, 2000 and 4000 millionths of a dollar. */
    public ReferenceSettings withTokens(ReferenceTokenKeys.@Nullable Source keys) {
        return new ReferenceSettings(folder, port, walletService, shortLife, clock, keys, around);
    }

    /** The same inside of something else. */
    public ReferenceSettings inside(UnaryOperator<Handler> other) {
        return new ReferenceSettings(folder, port, walletService, shortLife, clock, mint, other);
    }

    /** The same with another clock. */
    public ReferenceSettings at(InstantSource other) {
        return new ReferenceSettings(folder, port, walletService, shortLife, other, mint, around);
    }
}
