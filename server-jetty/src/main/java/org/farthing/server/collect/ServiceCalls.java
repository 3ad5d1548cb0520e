package org.farthing.server.collect;

import java.util.concurrent.CompletionStage;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.protocol.wallet.ServicePayment;
import org.jspecify.annotations.Nullable;

/**
 * What a payee says to a wallet service (specification: wallet-service.md). Nothing here blocks or retries. Every stage that
 * fails does so with {@link ServiceCallException}; whether the service has done what it was asked is then not known, unless
 * the exception says that it refused.
 */
public interface ServiceCalls {

    /**
     * Collects holds or gives them back: {@code POST /v1/captures}.
     *
     * @param service the wallet service
     * @param payee who says it
     * @param batch what to do
     * @return the results of these very items, in their order
     */
    CompletionStage<CaptureResults> settle(Origin service, Origin payee, CaptureBatch batch);

    /**
     * Gives collected money back: {@code POST /v1/refunds}.
     *
     * @param service the wallet service
     * @param payee who says it
     * @param order what to give back
     * @return the payment as it is then
     */
    CompletionStage<ServicePayment> refund(Origin service, Origin payee, RefundOrder order);

    /**
     * Reads a page of the payee's payments, oldest first: {@code GET /v1/captures}.
     *
     * @param service the wallet service
     * @param payee who asks
     * @param cursor {@link PaymentsPage#next()} of the page before, or null for the first
     * @param limit how many, 1 to 1000
     * @return the page
     */
    CompletionStage<PaymentsPage> payments(Origin service, Origin payee, @Nullable String cursor, int limit);
}
