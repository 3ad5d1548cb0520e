package org.farthing.server.mint;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
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
        requireBooksOfItsOwn(payee);
        MintRing ring = keys.ring();
        return workers.run(() -> tokens.stream()
                        .map(token -> token.isFor(challenge) && isSigned(ring, token))
                        .toList())
                .thenCompose(good -> redeem(ring, payee, tokens, good));
    }

    private void requireBooksOfItsOwn(Origin payee) {
        if (setup.sharing().contains(payee)) {
            throw Refusals.notAllowed("This payee's books are the mint's own: what it took is credited already.");
        }
    }

    private static boolean isSigned(MintRing ring, BlindToken token) {
        return ring.signerOf(token)
                .map(key -> key.published().key().verify(token))
                .orElse(false);
    }

    private CompletionStage<RedemptionAnswer> redeem(
            MintRing ring, Origin payee, List<BlindToken> tokens, List<Boolean> good) {
        Words words = new Words(tokens.size());
        List<Integer> unlisted =
                indexes(tokens, i -> ring.signerOf(tokens.get(i)).isEmpty());
        List<Integer> signed = indexes(tokens, good::get);
        return notBehind(tokens, unlisted)
                .thenCompose(known -> asked(
                        tokens,
                        unlisted,
                        used -> ledger.tokens().redeemedBefore(setup.issuer().text(), payee.text(), used)))
                .thenCompose(before -> {
                    words.take(unlisted, before, before.amount());
                    return asked(
                            tokens,
                            signed,
                            used -> ledger.tokens().redeem(setup.issuer().text(), payee.text(), used));
                })
                .thenApply(result -> {
                    words.take(signed, result, worth(ring, tokens, signed, result));
                    return words.answer();
                });
    }

    private static List<Integer> indexes(List<BlindToken> tokens, IntPredicate wanted) {
        return IntStream.range(0, tokens.size()).filter(wanted).boxed().toList();
    }

    private static CompletionStage<RedeemResult> asked(
            List<BlindToken> tokens,
            List<Integer> which,
            Function<List<UsedToken>, CompletionStage<RedeemResult>> question) {
        return which.isEmpty()
                ? CompletableFuture.completedStage(new RedeemResult(List.of(), 0))
                : question.apply(which.stream().map(i -> used(tokens.get(i))).toList());
    }

    /** A key that another server of this mint has made, and this one has not read yet: nothing can be said about its tokens. */
    private CompletionStage<?> notBehind(List<BlindToken> tokens, List<Integer> unlisted) {
        if (unlisted.isEmpty()) {
            return CompletableFuture.completedStage(unlisted);
        }
        Set<String> named =
                unlisted.stream().map(i -> used(tokens.get(i)).keyId()).collect(Collectors.toSet());
        Instant now = setup.clock().instant();
        return ledger.tokens().keys().thenApply(keys -> {
            boolean behind = keys.stream()
                    .anyMatch(key -> named.contains(key.terms().keyId())
                            && key.terms().mine()
                            && key.terms().issuer().equals(setup.issuer().text())
                            && key.closed() == null
                            && !now.isAfter(key.terms().swapUntil()));
            if (behind) {
                throw Refusals.later("This server of the mint does not have all of its keys. Ask again.");
            }
            return unlisted;
        });
    }

    private static long worth(MintRing ring, List<BlindToken> tokens, List<Integer> asked, RedeemResult result) {
        long credited = 0;
        for (int i = 0; i < asked.size(); i++) {
            if (Words.isCredited(result.results().get(i))) {
                MintKey key = ring.signerOf(tokens.get(asked.get(i))).orElseThrow();
                credited = Math.addExact(credited, key.published().value().baseUnits());
            }
        }
        return credited;
    }

    /** The words of an answer while they are found. For one thread at a time. */
    private static final class Words {

        private final Result[] words;
        private long credited;

        Words(int count) {
            words = new Result[count];
            Arrays.fill(words, Result.INVALID);
        }

        static boolean isCredited(RedeemResult.Redemption word) {
            return word == RedeemResult.Redemption.ACCEPTED || word == RedeemResult.Redemption.REPEATED;
        }

        void take(List<Integer> asked, RedeemResult result, long worth) {
            for (int i = 0; i < asked.size(); i++) {
                words[asked.get(i)] = Result.valueOf(result.results().get(i).name());
            }
            credited = Math.addExact(credited, worth);
        }

        RedemptionAnswer answer() {
            return new RedemptionAnswer(List.of(words), Amount.of(credited));
        }
    }

    private static UsedToken used(BlindToken token) {
        return new UsedToken(Base64Url.encode(token.keyId()), token.serial().text());
    }

    /** What was credited to a payee before, token by token; a bounded part. */
    CompletionStage<UsedSlice> redeemed(Origin payee, @Nullable TokenPlace after) {
        requireBooksOfItsOwn(payee);
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
