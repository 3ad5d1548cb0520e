package org.farthing.server.mint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.SwapRequest;
import org.farthing.server.ledger.SwapResult;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.UsedToken;

/**
 * Changes tokens of closed keys into others (specification: token-mint.md, F-TK-171 to F-TK-175). Somebody else signs with such a
 * key, so what counts is not its signature but that the token is opened: that it came out of a message the ledger knows as signed.
 */
final class Recalling {

    private final Setup setup;
    private final Ledger ledger;
    private final KeyKeeper keys;
    private final MintWorkers workers;

    Recalling(Setup setup, KeyKeeper keys, MintWorkers workers) {
        this.setup = setup;
        this.ledger = setup.ledger();
        this.keys = keys;
        this.workers = workers;
    }

    CompletionStage<List<TokenResponse>> recall(RecallBody body) {
        requireAuthority(body.challenge());
        long given = value(body);
        Messages messages = Messages.of(keys.ring(), body.requests())
                .requireOnSale(setup.clock().instant());
        long asked = messages.total().baseUnits();
        if (given != asked) {
            throw Refusals.mismatch(given, asked);
        }
        return workers.run(body::opened)
                .thenCompose(opened -> ledger.tokens()
                        .recall(
                                new SwapRequest(setup.issuer().text(), body.owner(), used(opened), messages.issued()),
                                issued(opened)))
                .thenCompose(result -> {
                    refuse(result);
                    return workers.run(messages::sign);
                });
    }

    /** What a payee with books of its own took of them is known to nobody else, and such a payee is not paid for it any more. */
    private void requireAuthority(TokenChallenge challenge) {
        boolean ours = challenge.isForAnyPayee()
                ? setup.anyPayee() && challenge.equals(TokenChallenge.anyPayee(setup.issuer()))
                : setup.sharing().stream()
                        .anyMatch(payee -> challenge.equals(TokenChallenge.forPayee(setup.issuer(), payee)));
        if (!ours) {
            throw Refusals.notAllowed(
                    "Tokens of a closed key are changed here only if they are for payees whose books are"
                            + " the mint's own. Ask the mint's operator.");
        }
    }

    /** What the tokens are worth together; refuses keys that were not closed here, or are over. */
    private long value(RecallBody body) {
        List<Long> values = new ArrayList<>();
        for (TokenKey key : body.keys()) {
            TokenKeyTerms terms = keys.closed(key.keyId(), setup.clock().instant())
                    .orElseThrow(
                            () -> Refusals.expired("A key that is named is not closed, or over: nothing is to be had"
                                    + " for tokens of it here."));
            values.add(terms.value());
        }
        return body.tokens().stream()
                .mapToLong(token -> values.get(token.key()))
                .reduce(0, Math::addExact);
    }

    private static List<UsedToken> used(List<PendingToken> opened) {
        return opened.stream()
                .map(token -> new UsedToken(token.key().keyId(), token.serial().text()))
                .toList();
    }

    private static List<IssuedMessage> issued(List<PendingToken> opened) {
        return opened.stream()
                .map(token -> new IssuedMessage(
                        token.key().keyId(),
                        token.request().messageHash(token.key().id())))
                .toList();
    }

    private void refuse(SwapResult result) {
        if (result instanceof SwapResult.NeverIssued never) {
            throw Refusals.neverIssued(never.indexes());
        }
        if (result instanceof SwapResult.KeyOver) {
            throw Refusals.expired("A key of these tokens is over, or was never closed.");
        }
        Refusals.refuse(setup, result);
    }
}
