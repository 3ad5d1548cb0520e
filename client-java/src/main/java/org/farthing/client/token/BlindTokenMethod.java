package org.farthing.client.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.method.PreparingMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenPayload;

/**
 * Method {@code token}, intent {@code charge}: pays with tokens that were bought before, exactly, and says nothing of who pays
 * (spec/token-client.md). It buys nothing when a price is asked; what is there pays, or another method does. It is made by
 * {@link BlindTokens#method}.
 */
public final class BlindTokenMethod implements PreparingMethod {

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
                    .thenComposeAsync(directory -> withExactSum(asked, directory), Background.THREADS)
                    .thenApply(there -> price);
        } catch (IOException | MalformedException | UnpayableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Tokens that make up the price; where only larger ones are there, they are changed first, in a way that shows no price. */
    private CompletableFuture<Boolean> withExactSum(Asked asked, IssuerDirectory directory) {
        if (canPay(asked, directory)) {
            return CompletableFuture.completedFuture(true);
        }
        var unused = topUps.low(asked.scope());
        return swapping.finishOpen(asked.scope(), directory)
                .thenComposeAsync(
                        finished -> canPay(asked, directory)
                                ? CompletableFuture.completedFuture(true)
                                : swapping.change(asked, directory),
                        Background.THREADS)
                .thenApplyAsync(
                        changed -> {
                            if (!canPay(asked, directory)) {
                                throw new CompletionException(
                                        new UnpayableException("no tokens of " + asked.scope() + " make up the price"));
                            }
                            return true;
                        },
                        Background.THREADS);
    }

    private boolean canPay(Asked asked, IssuerDirectory directory) {
        try {
            return purse.canPay(
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
                    challenge, tokens.orElseThrow(() -> new IllegalStateException("another payment took the tokens")));
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
