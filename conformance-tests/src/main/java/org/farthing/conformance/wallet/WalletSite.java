package org.farthing.conformance.wallet;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/** The wallet service that is checked: where it is, who may administrate it, and the payees the suite plays there. */
public final class WalletSite implements AutoCloseable {

    private final Wire wire;
    private final Origin origin;
    private final @Nullable String administrator;
    private final InstantSource clock;
    private final List<Shopkeeper> payees;
    private boolean admitted;

    WalletSite(Wire wire, @Nullable String administrator, List<Shopkeeper> payees, InstantSource clock)
            throws IOException {
        this.wire = wire;
        this.administrator = administrator;
        this.clock = clock;
        this.payees = new ArrayList<>(payees);
        try {
            this.origin = Origin.parse(wire.origin().toString());
        } catch (MalformedException e) {
            throw new IOException(wire.origin() + " is no origin such as https://wallet.example: " + e.getMessage(), e);
        }
    }

    /**
     * A service on loopback, whose two payees the suite plays on loopback too.
     *
     * @param wire the way to it
     * @param administrator its administrator's secret; null checks only what needs no money
     * @param clock the time
     * @throws IOException if no port can be opened, or it is no origin
     */
    public static WalletSite onLoopback(Wire wire, @Nullable String administrator, InstantSource clock)
            throws IOException {
        List<Shopkeeper> payees =
                administrator == null ? List.of() : List.of(Shopkeeper.onLoopback(), Shopkeeper.onLoopback());
        return new WalletSite(wire, administrator, payees, clock);
    }

    Wire wire() {
        return wire;
    }

    /** What orders name as ledger and tokens as issuer. */
    Origin origin() {
        return origin;
    }

    Instant now() {
        return clock.instant();
    }

    boolean isOnLoopback() {
        return origin.isLoopback();
    }

    Optional<String> administrator() {
        return Optional.ofNullable(administrator);
    }

    /** One of the two payees, which the service knows from here on. */
    synchronized Shopkeeper payee(Trace trace, int number) {
        if (payees.size() < 2) {
            throw new NotApplicable(
                    "needs two payees registered at the service: give --admin FILE for a service on loopback, or --payee"
                            + " ORIGIN=KEYFILE twice");
        }
        if (!admitted && administrator != null) {
            Teller teller = teller(trace);
            payees.forEach(payee -> teller.admit(payee, false));
            admitted = true;
        }
        return payees.get(number);
    }

    /** A case's way to talk to it. */
    Teller teller(Trace trace) {
        return new Teller(this, trace);
    }

    @Override
    public void close() {
        payees.forEach(Shopkeeper::close);
    }
}
