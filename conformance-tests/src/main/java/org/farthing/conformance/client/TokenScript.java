package org.farthing.conformance.client;

import java.util.Optional;
import java.util.function.BiFunction;
import org.farthing.protocol.ChargeOutcome;

/** What an issuer and payee does during a visit: right unless it is told otherwise. */
final class TokenScript implements Script {

    /** An answer in place of the right one; empty for the right one. */
    interface Instead extends BiFunction<Received, Reply, Optional<Reply>> {}

    private final Mint mint;
    private final Offer offer;
    private final Instead page;
    private final Instead beside;

    private TokenScript(Mint mint, Offer offer, Instead page, Instead beside) {
        this.mint = mint;
        this.offer = offer;
        this.page = page;
        this.beside = beside;
    }

    /** Right in everything. */
    static TokenScript of(Mint mint) {
        return new TokenScript(
                mint, mint.offer(), (request, right) -> Optional.empty(), (request, right) -> Optional.empty());
    }

    /** With another offer. */
    TokenScript with(Offer other) {
        return new TokenScript(mint, other, page, beside);
    }

    /** With other answers of the page. */
    TokenScript page(Instead other) {
        return new TokenScript(mint, offer, other, beside);
    }

    /** With other answers of the issuer. */
    TokenScript issuer(Instead other) {
        return new TokenScript(mint, offer, page, other);
    }

    /** A page that fails, and gives back what it was paid. */
    static Optional<Reply> released(Received request, Reply right) {
        if (!request.hasCredential()) {
            return Optional.empty();
        }
        return right.values("Payment-Outcome").stream()
                .findFirst()
                .map(captured -> Till.refuse("This page does not work today.")
                        .withStatus(503)
                        .with(
                                "Payment-Outcome",
                                captured.replaceFirst(
                                        "^captured",
                                        ChargeOutcome.State.RELEASED.name().toLowerCase(java.util.Locale.ROOT))));
    }

    @Override
    public Reply answer(Received request, Visit visit) {
        Reply right = request.hasCredential() ? visit.serve(request) : visit.demand(request, offer);
        return page.apply(request, right).orElse(right);
    }

    @Override
    public Reply beside(Received request, Visit visit) {
        boolean here = request.origin().equals(mint.payee().origin());
        Reply right = (here ? mint.beside(request, visit) : Optional.<Reply>empty())
                .orElseGet(() -> Script.super.beside(request, visit));
        return beside.apply(request, right).orElse(right);
    }
}
