package org.farthing.client.app;

import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;

/** A payment method that reads prices and cannot sign: whatever goes wrong in a dry run, no order leaves it. */
record LookOnly(PaymentMethod reader) implements PaymentMethod {

    @Override
    public String method() {
        return reader.method();
    }

    @Override
    public String intent() {
        return reader.intent();
    }

    @Override
    public boolean isPrepaid() {
        return reader.isPrepaid();
    }

    @Override
    public boolean takes(Challenge challenge) {
        return reader.takes(challenge);
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        return reader.read(challenge);
    }

    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        throw new IllegalStateException("a dry run signs nothing");
    }
}
