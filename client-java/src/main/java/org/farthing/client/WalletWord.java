package org.farthing.client;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.method.ExchangingMethod;
import org.farthing.client.method.Standing;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the wallet service of a payment what became of the money, and believes it: it keeps the owner's own money, and a false
 * word about that hurts nobody else (spec/outcome.md, F-OU-13, F-OU-16).
 */
final class WalletWord {

    private static final Logger LOG = LoggerFactory.getLogger(PayingClient.class);
    private static final Standing NONE = new Standing(Standing.State.UNCLEAR, "no wallet service can be asked");

    private final Payer payer;
    private final JournalEntry entry;
    private final Challenge challenge;

    WalletWord(Payer payer, JournalEntry entry, Challenge challenge) {
        this.payer = payer;
        this.entry = entry;
        this.challenge = challenge;
    }

    /** How the payment stands there; unclear also where the payment has no service. */
    CompletableFuture<Standing> ask() {
        return said((method, service) -> method.standing(challenge, service));
    }

    /** How it stands after the service was shown the payee's release statement. */
    CompletableFuture<Standing> release(ReleaseStatement statement) {
        return said((method, service) -> method.release(statement, service));
    }

    @FunctionalInterface
    private interface Question {
        CompletableFuture<Standing> put(ExchangingMethod method, Origin service);
    }

    private CompletableFuture<Standing> said(Question question) {
        Origin service = entry.service();
        ExchangingMethod method =
                service == null ? null : payer.exchanging(service).orElse(null);
        if (service == null || method == null) {
            return CompletableFuture.completedFuture(NONE);
        }
        return question.put(method, service).thenApply(standing -> {
            payer.tell(new PaymentEvent.WalletSaid(entry, standing));
            return standing;
        });
    }

    /** The budget has the money back, all of it, on the wallet's word; a journal that fails here only delays that. */
    JournalEntry giveBack(String words) {
        try {
            return payer.journal().givenBack(entry, words);
        } catch (IOException e) {
            LOG.warn("Payment {} stays open in the journal: {}", entry.id(), Failures.words(e));
            return entry;
        }
    }
}
