package org.farthing.protocol.wallet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * A page of a payee's payments at a wallet service, oldest first: the answer of {@code GET /v1/captures}, with which both
 * sides reconcile (spec/wallet-service.md F-WS-13).
 *
 * @param next the cursor of the page that follows, or null on the last one
 * @param payments at most 1000, without the payer
 */
public record PaymentsPage(@Nullable String next, List<ServicePayment> payments) {

    /** The longest body, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    /** The most payments of one page. */
    public static final int MAX_PAYMENTS = 1000;

    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MAX_BYTES, 4, 64, MAX_PAYMENTS);

    /**
     * Copies the list.
     *
     * @param next as described at the record
     * @param payments as described at the record
     * @throws IllegalArgumentException if the list is too long, or names a payer
     */
    public PaymentsPage {
        payments = List.copyOf(payments);
        if (payments.size() > MAX_PAYMENTS) {
            throw new IllegalArgumentException("a page has at most " + MAX_PAYMENTS + " payments");
        }
        for (ServicePayment payment : payments) {
            if (payment.wallet() != null) {
                throw new IllegalArgumentException("payees do not learn the payer");
            }
        }
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the page; payers are left out, should a service name them
     * @throws MalformedException if a member is missing or wrong
     */
    public static PaymentsPage parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, LIMITS);
        List<ServicePayment> payments = new ArrayList<>();
        for (Members payment : members.objects("payments")) {
            payments.add(ServicePayment.parse(payment).withoutWallet());
        }
        return new PaymentsPage(members.optionalText("next"), payments);
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        Map<String, Object> members = new TreeMap<>();
        members.put("payments", payments.stream().map(ServicePayment::toMap).toList());
        if (next != null) {
            members.put("next", next);
        }
        return CanonicalJson.write(members);
    }
}
