package org.farthing.server.app;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.method.PreparingMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;

/**
 * A way to pay, as somebody sees it who reads the program's memory: the demo shows what such a person could do with tokens.
 *
 * @param payer what pays
 * @param listener gets each credential
 */
record Overheard(PreparingMethod payer, Consumer<Credential> listener) implements PreparingMethod {

    @Override
    public String method() {
        return payer.method();
    }

    @Override
    public String intent() {
        return payer.intent();
    }

    @Override
    public boolean isPrepaid() {
        return payer.isPrepaid();
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        return payer.read(challenge);
    }

    @Override
    public CompletableFuture<Price> prepare(Challenge challenge, Price price, SpendingJournal journal) {
        return payer.prepare(challenge, price, journal);
    }

    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        Credential credential = payer.credential(challenge, price, origin);
        listener.accept(credential);
        return credential;
    }
}
