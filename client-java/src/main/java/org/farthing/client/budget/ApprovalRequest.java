package org.farthing.client.budget;

import java.time.Instant;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What an owner is asked to approve, with everything a person should be shown (spec/client.md, F-CL-36). It holds only what the
 * challenge binds and what this client knows by itself; no description, because a payee may write there what it likes
 * (C5, T10).
 *
 * @param proposal who asks, who gets it, how much, for which request
 * @param expires when the offer ends; a yes after that pays nothing
 * @param capture {@code exact}, or {@code upto}: the payee then takes the amount or less
 * @param service the wallet service that would be asked to hold the money, or null if the payee is the ledger
 * @param isSigned whether the payee signed the offer; if not, anybody in between can have written it
 * @param isFirstUse whether nothing is known of this origin from before
 */
public record ApprovalRequest(
        Proposal proposal,
        Instant expires,
        String capture,
        @Nullable Origin service,
        boolean isSigned,
        boolean isFirstUse) {

    /**
     * The origin that asks for the payment.
     *
     * @return the origin of the request
     */
    public Origin origin() {
        return proposal.origin();
    }

    /**
     * Who gets the money.
     *
     * @return the payee as the challenge names it
     */
    public String payee() {
        return proposal.recipient();
    }

    /**
     * The amount as people write it, with its currency.
     *
     * @return the most that the payment can take
     */
    public Money money() {
        return proposal.money();
    }
}
