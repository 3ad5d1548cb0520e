package org.farthing.server.mint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionAnswer.Result;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.RedeemResult;
import org.farthing.server.ledger.RefundDue;
import org.farthing.server.ledger.TokenPlace;
import org.farthing.server.ledger.TokenUsage;
import org.farthing.server.ledger.UsedSlice;
import org.farthing.server.ledger.UsedToken;
import org.jspecify.annotations.Nullable;

/** Credits payees with what they took, and pays refunds out (specification: token-mint.md, F-TK-90 to F-TK-92). */
final class Redeeming {

    /** How many rows one call looks through, for however few of them are the caller's. */
    private static final int SLICE = 5000;

    private final Setup setup;
    private final Ledger ledger;
    private final KeyKeeper keys;
    private final MintWorkers workers;

    Redeeming(Setup setup, KeyKeeper keys, MintWorkers workers) {
        this.setup = setup;
        this.ledger = setup.ledger();
        this.keys = keys;
        this.workers = workers;
    }

    /** Credits a payee; the caller knows who it is. */
    CompletionStage<RedemptionAnswer> redeem(Origin payee, TokenChallenge challenge, List<BlindToken> tokens) {
        if (!challenge.equals(TokenChallenge.forPayee(setup.issuer(), payee))) {
            throw Refusals.notAllowed("These are no tokens of this issuer for this payee.");
        }
        if (setup.sharing().contains(payee)) {
            throw Refusals.notAllowed("This payee's books are the mint's own: what it took is credited already.");
        }
        MintRing ring = keys.ring();
        return workers.run(() -> tokens.stream()
                        .map(token -> token.isFor(challenge) && isSigned(ring, token))
                        .toList())
                .thenCompose(good -> redeem(ring, payee, tokens, good));
    }

    private static boolean isSigned(MintRing ring, BlindToken token) {
        return ring.signerOf(token)
                .map(key -> key.published().key().verify(token))
                .orElse(false);
    }

    private CompletionStage<RedemptionAnswer> redeem(
            MintRing ring, Origin payee, List<BlindToken> tokens, List<Boolean> good) {
        List<Integer> asked = new ArrayList<>();
        List<UsedToken> used = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (good.get(i)) {
                asked.add(i);
                used.add(used(ring, tokens.get(i)));
            }
        }
        Result[] words = new Result[tokens.size()];
        Arrays.fill(words, Result.INVALID);
        if (used.isEmpty()) {
            return CompletableFuture.completedFuture(new RedemptionAnswer(List.of(words), Amount.ZERO));
        }
        return ledger.tokens()
                .redeem(setup.issuer().text(), payee.text(), used)
                .thenApply(result -> answer(ring, tokens, asked, result, words));
    }

    private static UsedToken used(MintRing ring, BlindToken token) {
        MintKey key = ring.signerOf(token).orElseThrow();
        return new UsedToken(key.keyId(), token.serial().text());
    }

    private static RedemptionAnswer answer(
            MintRing ring, List<BlindToken> tokens, List<Integer> asked, RedeemResult result, Result[] words) {
        long credited = 0;
        for (int i = 0; i < asked.size(); i++) {
            int at = asked.get(i);
            words[at] = Result.valueOf(result.results().get(i).name());
            if (words[at] == Result.ACCEPTED || words[at] == Result.REPEATED) {
                MintKey key = ring.signerOf(tokens.get(at)).orElseThrow();
                credited = Math.addExact(credited, key.published().value().baseUnits());
            }
        }
        return new RedemptionAnswer(List.of(words), Amount.of(credited));
    }

    /** What was credited to a payee before, token by token; a bounded part. */
    CompletionStage<UsedSlice> redeemed(Origin payee, @Nullable TokenPlace after) {
        return ledger.tokens().used(setup.issuer().text(), after, SLICE).thenApply(slice -> {
            List<TokenUsage> own = slice.tokens().stream()
                    .filter(usage -> usage.how() == TokenUsage.How.REDEEMED
                            && usage.owner().equals(payee.text()))
                    .toList();
            if (own.size() <= RedeemedPage.MAX_SERIALS) {
                return new UsedSlice(own, slice.next());
            }
            List<TokenUsage> first = own.subList(0, RedeemedPage.MAX_SERIALS);
            UsedToken last = first.get(first.size() - 1).token();
            return new UsedSlice(first, new TokenPlace(last.keyId(), last.serial()));
        });
    }

    /** Pays a refund out as signatures, to who shows the credential that paid (T54). */
    CompletionStage<List<TokenResponse>> refund(Credential credential, List<TokenRequest> requests) {
        Messages messages =
                Messages.of(keys.ring(), requests).requireOnSale(setup.clock().instant());
        return ledger.tokens()
                .refundTokens(credential.challenge().id(), credential.fingerprint(), messages.issued())
                .thenCompose(result -> {
                    refuse(result, messages);
                    return workers.run(messages::sign);
                });
    }

    private void refuse(RefundDue result, Messages messages) {
        if (result instanceof RefundDue.Nothing) {
            throw Refusals.notFound("Nothing is due for this credential.");
        }
        if (result instanceof RefundDue.NotEqual other) {
            throw Refusals.mismatch(other.due(), messages.total().baseUnits());
        }
        if (result instanceof RefundDue.AlreadyIssued before) {
            throw Refusals.issuedBefore(setup, before.indexes());
        }
        if (result instanceof RefundDue.NotForSale) {
            throw Refusals.expired("A key that is named is not on sale now. Read the directory again.");
        }
    }
}
