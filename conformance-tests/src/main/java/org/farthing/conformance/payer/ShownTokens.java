package org.farthing.conformance.payer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.method.PreparingMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.token.BlindTokenMethod;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The method of blind tokens, whose credential somebody keeps.
 *
 * @param tokens pays
 * @param made gets the credential, so that it can be sent again
 */
record ShownTokens(BlindTokenMethod tokens, AtomicReference<@Nullable Credential> made) implements PreparingMethod {

    @Override
    public String method() {
        return tokens.method();
    }

    @Override
    public String intent() {
        return tokens.intent();
    }

    @Override
    public boolean isPrepaid() {
        return tokens.isPrepaid();
    }

    @Override
    public boolean takes(Challenge challenge) {
        return tokens.takes(challenge);
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        return tokens.read(challenge);
    }

    @Override
    public CompletableFuture<Price> prepare(Challenge challenge, Price price, SpendingJournal journal) {
        return tokens.prepare(challenge, price, journal);
    }

    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        Credential credential = tokens.credential(challenge, price, origin);
        made.set(credential);
        return credential;
    }

    /** No token is shown. */
    @Override
    public String toString() {
        return "blind tokens";
    }
}
