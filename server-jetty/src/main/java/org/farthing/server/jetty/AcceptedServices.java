package org.farthing.server.jetty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.method.ExposureLimits;
import org.farthing.server.method.ServiceKeys;
import org.farthing.server.method.WalletReceiptMethod;

/**
 * The wallet services a payee accepts receipts of, and how far it trusts each (specification: wallet-service.md, "Collecting").
 *
 * @param origins the services, at least one
 * @param exposure how much may be sold against the receipts of one service before it is collected
 * @param captureWindow how long collecting may take: receipts must be good for at least that long
 * @param keyAge how old a service's key document may be; older, its receipts are neither accepted nor refused
 */
public record AcceptedServices(List<Origin> origins, ExposureLimits exposure, Duration captureWindow, Duration keyAge) {

    /**
     * Copies the list.
     *
     * @param origins as the record says
     * @param exposure as the record says
     * @param captureWindow as the record says
     * @param keyAge as the record says
     */
    public AcceptedServices {
        origins = List.copyOf(origins);
    }

    /**
     * Accepts no service yet.
     *
     * @return the usual trust: 10.00 of a currency, an hour to collect, keys for 15 minutes
     */
    public static AcceptedServices none() {
        return new AcceptedServices(
                List.of(),
                ExposureLimits.DEFAULT,
                WalletReceiptMethod.DEFAULT_CAPTURE_WINDOW,
                ServiceKeys.DEFAULT_MAX_AGE);
    }

    /**
     * Accepts a service too.
     *
     * @param service its origin, such as {@code https://wallet.example}
     * @return all of them
     * @throws IllegalArgumentException if it is no origin
     */
    public AcceptedServices with(String service) {
        List<Origin> more = new ArrayList<>(origins);
        try {
            more.add(Origin.parse(service));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(
                    "a wallet service is an origin such as https://wallet.example, not \"" + service + "\"", e);
        }
        return new AcceptedServices(more, exposure, captureWindow, keyAge);
    }

    /**
     * Limits what may be sold before it is collected, for one currency.
     *
     * @param limit for example {@code 5usd}
     * @return the same services
     * @throws IllegalArgumentException if it cannot be read or is zero
     */
    public AcceptedServices withExposure(String limit) {
        return new AcceptedServices(origins, exposure.with(limit), captureWindow, keyAge);
    }

    /**
     * Sets how long collecting may take.
     *
     * @param window at least 2 minutes; receipts are usually good for an hour
     * @return the same services
     */
    public AcceptedServices withCaptureWindow(Duration window) {
        return new AcceptedServices(origins, exposure, window, keyAge);
    }

    /**
     * Sets how old a service's key document may be.
     *
     * @param age more than 4 minutes
     * @return the same services
     */
    public AcceptedServices withKeyAge(Duration age) {
        return new AcceptedServices(origins, exposure, captureWindow, age);
    }
}
