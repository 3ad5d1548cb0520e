package org.farthing.client.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.method.MeansTakenException;
import org.farthing.client.method.PreparingMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.client.token.TokenPurse.Whose;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenPayload;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code token}, intent {@code charge}: pays with tokens that were bought before, exactly, and says nothing of who pays
 * (spec/token-client.md). It buys nothing when a price is asked; what is there pays, or another method does. It is made by
 * {@link BlindTokens#method}.
 */
public final class BlindTokenMethod implements PreparingMethod {

    /** Of many payments at the same time, one takes a token that others had chosen too, each time. */
    private static final int MOST_CHANGES = 16;

    private final TokenPurse purse;
    private final IssuerBook issuers;
    private final Reckoning reckoning;
    private final Swapping swapping;
    private final TopUps topUps;

    BlindTokenMethod(TokenPurse purse, IssuerBook issuers, Reckoning reckoning, Swapping swapping, TopUps topUps) {
        this.purse = purse;
        this.issuers = issuers;
        this.reckoning = reckoning;
        this.swapping = swapping;
        this.topUps = topUps;
    }

    @Override
    public String method() {
        return "token";
    }

    @Override
    public String intent() {
        return "charge";
    }

    @Override
    public boolean isPrepaid() {
        return true;
    }

    @Override
    public Price read(Challenge challenge) throws MalformedException, UnpayableException {
        Asked asked = Asked.read(challenge);
        return new Price(asked.amount(), asked.currency(), asked.payee().text(), "exact");
    }

    @Override
    public CompletableFuture<Price> prepare(Challenge challenge, Price price, SpendingJournal journal) {
        try {
            Asked asked = Asked.read(challenge);
            reckoning.settle(journal);
            if (purse.claims().stream().anyMatch(claim -> claim.owner().equals(owner(challenge)))) {
                // A payment that is taken up again has its tokens already.
                return CompletableFuture.completedFuture(price);
            }
            // An issuer is asked only if the owner bought there: one that only a message names is no address.
            if (purse.coins(coin -> coin.scope().equals(asked.scope())).isEmpty()) {
                var unused = topUps.low(asked.scope());
                throw new UnpayableException("the purse has no tokens of " + asked.scope());
            }
            return issuers.matching(asked.scope(), asked.offer().keys())
                    .thenComposeAsync(directory -> withExactSum(asked, directory, owner(challenge)), Background.THREADS)
                    .thenApply(there -> price);
        } catch (IOException | MalformedException | UnpayableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Tokens that make up the price; where only larger ones are there, they are changed first, in a way that shows no price. */
    private CompletableFuture<Boolean> withExactSum(Asked asked, IssuerDirectory directory, String owner) {
        if (canPay(asked, directory, owner, Whose.NOBODYS)) {
            return CompletableFuture.completedFuture(true);
        }
        var unused = topUps.low(asked.scope());
        return withChange(new Search(asked, directory, owner, Whose.NOBODYS, MOST_CHANGES));
    }

    /**
     * The search for an exact sum.
     *
     * @param left how often it is looked again where other payments were faster
     */
    private record Search(Asked asked, IssuerDirectory directory, String owner, Whose whose, int left) {

        Optional<Search> again() {
            return left > 1 ? Optional.of(new Search(asked, directory, owner, whose, left - 1)) : Optional.empty();
        }

        /** Where there is not enough: with what other payments were promised, which may have come to nothing. */
        Optional<Search> further() {
            return whose == Whose.NOBODYS
                    ? Optional.of(new Search(asked, directory, owner, Whose.ANYBODYS, MOST_CHANGES))
                    : Optional.empty();
        }
    }

    /** What is in a swap of another payment may be what this one needs, so those are waited for first. */
    private CompletableFuture<Boolean> withChange(Search search) {
        return swapping.finishOpen(search.asked().scope(), search.directory())
                .thenComposeAsync(
                        finished -> canPay(search)
                                ? CompletableFuture.completedFuture(true)
                                : swapping.change(
                                                search.asked(),
                                                search.directory(),
                                                purse.free(search.owner(), search.whose()))
                                        .<CompletionStage<Boolean>>handleAsync(
                                                (changed, failure) -> changed(search, finished, failure),
                                                Background.THREADS)
                                        .thenCompose(there -> there),
                        Background.THREADS);
    }

    private CompletableFuture<Boolean> changed(Search search, boolean finished, @Nullable Throwable failure) {
        if (canPay(search)) {
            return CompletableFuture.completedFuture(true);
        }
        Throwable cause = failure == null ? null : Failure.cause(failure);
        boolean tooLittle = cause instanceof UnpayableException;
        boolean raced = cause == null || cause instanceof TokensInUseException || (tooLittle && finished);
        Optional<Search> next = raced ? search.again() : Optional.empty();
        if (next.isEmpty() && (raced || tooLittle)) {
            next = search.further();
        }
        return next.map(this::withChange)
                .orElseGet(() -> CompletableFuture.failedFuture(
                        cause != null
                                ? cause
                                : new UnpayableException(
                                        "no tokens of " + search.asked().scope() + " make up the price")));
    }

    private boolean canPay(Search search) {
        return canPay(search.asked(), search.directory(), search.owner(), search.whose());
    }

    private boolean canPay(Asked asked, IssuerDirectory directory, String owner, Whose whose) {
        try {
            return purse.canPay(
                    owner,
                    whose,
                    coin -> asked.takes(coin, directory),
                    asked.amount().baseUnits(),
                    asked.offer().maxTokens());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public Credential credential(Challenge challenge, Price price, Origin origin) {
        try {
            Asked asked = Asked.read(challenge);
            IssuerDirectory directory = issuers.known(
                            asked.scope().issuer(), asked.offer().keys())
                    .orElseThrow(() -> new IllegalStateException("the payee's keys were compared before"));
            Optional<List<BlindToken>> tokens = purse.reserve(
                    owner(challenge),
                    challenge.id(),
                    price.recipient(),
                    coin -> asked.takes(coin, directory),
                    asked.amount().baseUnits(),
                    asked.offer().maxTokens(),
                    chosen -> credential(challenge, chosen).token68());
            Credential credential = credential(
                    challenge,
                    tokens.orElseThrow(
                            () -> new MeansTakenException("another payment took the tokens of " + asked.scope())));
            var unused = topUps.low(asked.scope());
            return credential;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedException | UnpayableException e) {
            throw new IllegalArgumentException("the challenge was not read before", e);
        }
    }

    private static Credential credential(Challenge challenge, List<BlindToken> tokens) {
        return Credential.of(challenge, null, TokenPayload.toPayload(tokens));
    }

    /** Names the very challenge, and not only what the payee calls it. */
    private static String owner(Challenge challenge) {
        return Sha256.base64url(challenge.signedPayload());
    }

    /** The tokens are money; nothing of them shows. */
    @Override
    public String toString() {
        return "BlindTokenMethod";
    }
}
