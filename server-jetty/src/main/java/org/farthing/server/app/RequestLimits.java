package org.farthing.server.app;

import java.time.InstantSource;
import java.util.Optional;
import org.farthing.server.gate.Admission;
import org.farthing.server.jetty.ClientName;
import org.farthing.server.jetty.PaymentLimits;

/**
 * Who has to wait, as a command line says it.
 *
 * @param demands how many prices one network may ask for in a minute, 0 for any number
 * @param payments how many payments one wallet may send in a minute, 0 for any number
 * @param forwardedFor the field in which a proxy in front names the client
 */
record RequestLimits(int demands, int payments, Optional<String> forwardedFor) {

    static final RequestLimits USUAL = new RequestLimits(6_000, 12_000, Optional.empty());

    Admission admission(InstantSource clock) {
        return PaymentLimits.builder()
                .challenges(demands)
                .payments(payments)
                .clock(clock)
                .build();
    }

    Optional<ClientName> clientName() {
        return forwardedFor.map(ClientName::forwardedFor);
    }
}
