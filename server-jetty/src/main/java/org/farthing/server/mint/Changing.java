package org.farthing.server.mint;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.SwapRequest;
import org.farthing.server.ledger.SwapResult;
import org.jspecify.annotations.Nullable;

/** Changes tokens into others, and signs again what was signed before (specification: token-mint.md, F-TK-86 to F-TK-89). */
final class Changing {

    private final Setup setup;
    private final Ledger ledger;
    private final KeyKeeper keys;
    private final MintWorkers workers;

    Changing(Setup setup, KeyKeeper keys, MintWorkers workers) {
        this.setup = setup;
        this.ledger = setup.ledger();
        this.keys = keys;
        this.workers = workers;
    }

    /**
     * Changes tokens.
     *
     * @param owner names the exchange
     * @param payee the payee that signed the request, or null
     */
    CompletionStage<List<TokenResponse>> swap(
            TokenChallenge challenge,
            List<BlindToken> tokens,
            List<TokenRequest> requests,
            String owner,
            @Nullable Origin payee) {
        Instant now = setup.clock().instant();
        Inputs inputs = inputs(challenge, tokens, now);
        requireAuthority(challenge, inputs, payee, now);
        Messages messages = Messages.of(keys.ring(), requests).requireOnSale(now);
        long asked = messages.total().baseUnits();
        if (inputs.total() != asked) {
            throw Refusals.mismatch(inputs.total(), asked);
        }
        SwapRequest request = new SwapRequest(setup.issuer().text(), owner, inputs.used(), messages.issued());
        return workers.run(inputs::requireSigned)
                .thenCompose(signed -> ledger.tokens().swap(request))
                .thenCompose(result -> {
                    refuse(result);
                    return workers.run(messages::sign);
                });
    }

    /** Tokens of a closed key are not changed but recalled, and whoever has them must know that (F-TK-172). */
    private Inputs inputs(TokenChallenge challenge, List<BlindToken> tokens, Instant now) {
        List<Integer> closed = IntStream.range(0, tokens.size())
                .filter(i -> keys.closed(Base64Url.encode(tokens.get(i).keyId()), now)
                        .isPresent())
                .boxed()
                .toList();
        if (!closed.isEmpty()) {
            throw Refusals.closed(setup, closed);
        }
        return Inputs.of(keys.ring(), setup.issuer(), challenge, tokens, now);
    }

    /** Signs what the ledger has noted as signed before, and nothing else. */
    CompletionStage<RestoreAnswer> restore(List<TokenRequest> requests) {
        Messages messages = Messages.known(keys.ring(), requests);
        CompletionStage<Set<Integer>> issued = messages.all().isEmpty()
                ? CompletableFuture.completedFuture(Set.of())
                : ledger.tokens().issued(messages.issued());
        return issued.thenCompose(before -> workers.run(() -> {
            Map<TokenRequest, TokenResponse> signed = messages.only(before).signed();
            return new RestoreAnswer(requests.stream()
                    .map(request -> Optional.ofNullable(signed.get(request)))
                    .toList());
        }));
    }

    /** One authority for each serial at any time (T69). */
    private void requireAuthority(TokenChallenge challenge, Inputs inputs, @Nullable Origin caller, Instant now) {
        if (challenge.isForAnyPayee()) {
            if (!setup.anyPayee()) {
                throw Refusals.notAllowed("This mint has no tokens that any payee takes.");
            }
            return;
        }
        // For this payee and no other: a second one that is named could have books of its own.
        boolean shared = setup.sharing().stream().anyMatch(payee -> isOnlyFor(challenge, payee));
        if (shared || (caller != null && isOnlyFor(challenge, caller))) {
            return;
        }
        Instant alone = inputs.aloneFrom();
        if (now.isBefore(alone)) {
            throw Refusals.notYet(alone, swapAt(challenge));
        }
    }

    private boolean isOnlyFor(TokenChallenge challenge, Origin payee) {
        return challenge.equals(TokenChallenge.forPayee(setup.issuer(), payee));
    }

    private String swapAt(TokenChallenge challenge) {
        String scheme = setup.issuer().isHttps() ? "https://" : "http://";
        String payee = challenge.originInfo().split(",", 2)[0];
        try {
            return Origin.parse(scheme + payee).text() + "/token-swap";
        } catch (MalformedException e) {
            throw Refusals.unusable("The challenge names no payee.");
        }
    }

    private void refuse(SwapResult result) {
        if (result instanceof SwapResult.KeyOver) {
            throw Refusals.expired("A key of these tokens is over or closed.");
        }
        Refusals.refuse(setup, result);
    }
}
