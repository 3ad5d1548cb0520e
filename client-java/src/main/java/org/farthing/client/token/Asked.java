package org.farthing.client.token;

import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenOffer;

/** What a challenge of method {@code token} asks, and which tokens may answer it (F-TK-130). */
record Asked(Amount amount, CurrencyId currency, Origin payee, TokenScope scope, TokenOffer offer) {

    static Asked read(Challenge challenge) throws MalformedException, UnpayableException {
        PaymentRequest.requireCanonical(challenge.request());
        PaymentRequest request = challenge.paymentRequest();
        String recipient = request.recipient();
        if (recipient == null) {
            throw new MalformedException(Fault.MISSING, "request.recipient", "the member is required");
        }
        Origin payee = Origin.parse(recipient, "request.recipient");
        if (!payee.text().equals(recipient)) {
            throw new MalformedException(Fault.NOT_CANONICAL, "request.recipient", "an origin in its one spelling");
        }
        TokenOffer offer = TokenOffer.parse(request.methodDetails());
        if (request.amount().equals(Amount.ZERO)) {
            throw new MalformedException(Fault.VALUE, "request.amount", "nothing is paid with tokens");
        }
        if (!offer.denominations().fits(request.amount(), offer.maxTokens())) {
            throw new UnpayableException("no " + offer.maxTokens() + " tokens make up the price");
        }
        if (offer.issuer().isHttps() != payee.isHttps()) {
            throw new UnpayableException("play money and money do not mix: the issuer is of the other kind");
        }
        TokenScope bound = new TokenScope(offer.issuer(), payee);
        TokenScope free = new TokenScope(offer.issuer(), null);
        if (offer.challenge().equals(bound.challenge())) {
            return new Asked(request.amount(), request.currency(), payee, bound, offer);
        }
        if (offer.challenge().equals(free.challenge())) {
            return new Asked(request.amount(), request.currency(), payee, free, offer);
        }
        throw new UnpayableException("the payee wants tokens that are not for it, or for this one payment only");
    }

    /** Whether a token may be shown to the payee: its key stands in the directory that payee and client both have. */
    boolean takes(Coin coin, IssuerDirectory directory) {
        return coin.scope().equals(scope)
                && coin.key().currency().equals(currency)
                && offer.denominations().values().contains(coin.value())
                && directory.key(coin.key().key().keyId()).isPresent();
    }
}
