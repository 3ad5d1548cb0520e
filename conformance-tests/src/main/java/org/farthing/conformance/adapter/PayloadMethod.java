package org.farthing.conformance.adapter;

import java.time.Duration;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.Price;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;

/**
 * Answers every challenge, of whatever method, with the proof the runner gave. The runner has decided to pay; what an amount
 * means in its method, and to whom it goes, nobody here knows. So each payment counts as one credential.
 */
final class PayloadMethod implements PaymentMethod {

    /** What is counted: credentials, of which one may be sent. */
    static final String ONE = "1unit:credential";

    private static final Duration ANY = Duration.ofDays(365 * 100);

    private final Payload payload;
    private final Price price;

    PayloadMethod(Payload payload, Origin origin) {
        this.payload = payload;
        this.price = new Price(Amount.of(1), new CurrencyId("unit:credential"), origin.text(), "exact");
    }

    /** Announced nowhere, and never compared: {@link #speaks} answers for all. */
    @Override
    public String method() {
        return "any";
    }

    @Override
    public String intent() {
        return "charge";
    }

    @Override
    public boolean speaks(String method, String intent) {
        return payload.pays();
    }

    @Override
    public Duration longestOffer() {
        return ANY;
    }

    @Override
    public Price read(Challenge challenge) {
        return price;
    }

    @Override
    public Credential credential(Challenge challenge, Price counted, Origin origin) {
        return payload.credential(challenge);
    }
}
