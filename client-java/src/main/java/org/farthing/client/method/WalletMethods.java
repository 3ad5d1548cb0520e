package org.farthing.client.method;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.PurseException;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.wallet.PaymentsApi;
import org.farthing.protocol.binding.Origin;

/** The ways to pay that a purse has, in the order its owner would want them (spec/client.md, F-CL-61). */
public final class WalletMethods {

    private WalletMethods() {}

    /**
     * All ways: first the wallets at payees where the purse opened one, then its wallet services, then orders to any other
     * payee, which may still know the wallet.
     *
     * @param purse the purse; its lists of wallets and services are read now, later changes do not show
     * @param payments how wallet services are asked
     * @param keys where their key documents come from
     * @param clock the time
     * @return the methods, the most wanted first
     * @throws IOException if the purse's lists cannot be read
     */
    public static List<PaymentMethod> all(Purse purse, PaymentsApi payments, KeyFetcher keys, InstantSource clock)
            throws IOException {
        List<Origin> services = purse.services().list();
        if (services.isEmpty()) {
            return List.of(new WalletOrders(purse));
        }
        Set<Origin> opened =
                purse.wallets().stream().map(Purse.KnownWallet::origin).collect(Collectors.toSet());
        return List.of(
                new WalletOrders(purse, opened),
                new WalletReceipts(purse, services, payments, keys, clock),
                new WalletOrders(purse));
    }

    /**
     * Wallet services only.
     *
     * @param purse the purse; its list of services is read now, later changes do not show
     * @param payments how wallet services are asked
     * @param keys where their key documents come from
     * @param clock the time
     * @return the one method
     * @throws IOException if the purse has no wallet service, or its list cannot be read
     */
    public static List<PaymentMethod> services(Purse purse, PaymentsApi payments, KeyFetcher keys, InstantSource clock)
            throws IOException {
        List<Origin> services = purse.services().list();
        if (services.isEmpty()) {
            throw new PurseException("the purse has no wallet service to pay through; add one first");
        }
        return List.of(new WalletReceipts(purse, services, payments, keys, clock));
    }
}
