package org.farthing.server.token;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Intent;
import org.farthing.server.method.MethodId;
import org.farthing.server.method.OtherScheme;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.Presentation;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code token}, intent {@code charge}: blind tokens of one issuer, verified here without asking anybody
 * (spec/token-payment.md).
 *
 * <p><b>Guarantees.</b> A token is accepted only if a key of the issuer's present directory signed it for this payee, within
 * its time, together with others that make the price; that it was not used before is what the ledger finds out in the step that
 * claims the charge. While the directory is missing or too old nothing is accepted and nothing denied: 503.
 *
 * <p><b>Who pays</b> is not known and cannot be put together from several payments.
 *
 * <p>Thread-safe; never blocks.
 */
public final class BlindTokenMethod implements PaymentMethod {

    private static final MethodId ID = new MethodId("token");

    /** What a payload has beside its tokens. */
    private static final int REST_OF_PAYLOAD = 32;

    private final AcceptedTokens accepted;
    private final InstantSource clock;
    private final PlainTokens plain = new PlainTokens(this);
    private final LastPromise promises = new LastPromise();
    private volatile @Nullable Ladder ladder;

    /**
     * Creates the method.
     *
     * @param accepted which tokens are accepted
     * @param clock the time
     */
    public BlindTokenMethod(AcceptedTokens accepted, InstantSource clock) {
        this.accepted = accepted;
        this.clock = clock;
    }

    @Override
    public MethodId id() {
        return ID;
    }

    @Override
    public Set<Intent> intents() {
        return Set.of(Intent.CHARGE);
    }

    /** F-TK-51. */
    @Override
    public boolean covers(Offer offer) {
        return !offer.upTo()
                && offer.amount().compareTo(Amount.ZERO) > 0
                && ladder().flatMap(now -> now.values(offer.currency()))
                        .filter(values -> values.fits(offer.amount(), accepted.maxTokens()))
                        .isPresent();
    }

    /** F-TK-53. An offer that other methods may pay, too, loses nothing by not being made for tokens. */
    @Override
    public Optional<String> objection(Offer offer) {
        Ladder now = ladder().orElse(null);
        if (now == null || covers(offer)) {
            return Optional.empty();
        }
        boolean onlyTokens = offer.methods().equals(Set.of(ID.text()));
        if (offer.upTo()) {
            return onlyTokens
                    ? Optional.of(
                            "is \"up to\", and tokens give no change: make it a fixed price, or let other methods "
                                    + "pay it.")
                    : Optional.empty();
        }
        Optional<Denominations> values = now.values(offer.currency());
        if (values.isEmpty()) {
            return onlyTokens
                    ? Optional.of("is in " + offer.currency().text() + ", and "
                            + accepted.issuer().origin()
                            + " issues no token in it: use its currency, or let other methods pay it.")
                    : Optional.empty();
        }
        return offer.amount().equals(Amount.ZERO) && !onlyTokens
                ? Optional.empty()
                : Optional.of(offTheGrid(offer, now, values.get()));
    }

    private String offTheGrid(Offer offer, Ladder now, Denominations values) {
        CurrencyId currency = offer.currency();
        String near = now.near(offer.amount(), currency, accepted.maxTokens()).stream()
                .map(amount -> Money.of(amount, currency).format())
                .collect(Collectors.joining(" or "));
        return "is " + Money.of(offer.amount(), currency).format() + ", which no " + accepted.maxTokens()
                + " tokens make (their values in " + currency.text() + ": " + values.text() + "). "
                + (near.isEmpty() ? "" : "Take " + near + ", ")
                + "let a payment have more tokens, or name other methods for it.";
    }

    @Override
    public PaymentRequest offer(Offer offer, RequestFacts facts) {
        Ladder now = ladder().orElseThrow(BlindTokenMethod::noDirectory);
        TokenOffer details = new TokenOffer(
                accepted.issuer().origin(),
                challenge(facts.origin()),
                now.values(offer.currency()).orElseThrow(BlindTokenMethod::noDirectory),
                accepted.maxTokens(),
                accepted.keepsOverpay(),
                now.directory().hash());
        return new PaymentRequest(
                offer.amount(),
                offer.currency(),
                facts.origin().text(),
                offer.description(),
                null,
                details.toMethodDetails(),
                Map.of());
    }

    private static IllegalStateException noDirectory() {
        return new IllegalStateException("no directory of the issuer counts now, so nothing is covered");
    }

    /** What tokens for a payee are made for (F-TK-50). */
    TokenChallenge challenge(Origin payee) {
        Origin issuer = accepted.issuer().origin();
        return accepted.anyPayee() ? TokenChallenge.anyPayee(issuer) : TokenChallenge.forPayee(issuer, payee);
    }

    /** The directory that counts now. */
    Optional<Ladder> ladder() {
        Optional<IssuerDirectory> directory = accepted.issuer().directory();
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        Ladder now = Ladder.at(clock.instant(), directory.get(), ladder);
        ladder = now;
        return Optional.of(now);
    }

    InstantSource clock() {
        return clock;
    }

    AcceptedTokens accepted() {
        return accepted;
    }

    @Override
    public boolean offersAhead() {
        return true;
    }

    @Override
    public int largestPayload() {
        return (BlindToken.LENGTH * accepted.maxTokens() + 2) / 3 * 4 + REST_OF_PAYLOAD;
    }

    @Override
    public List<String> serials(Presentation presentation) {
        try {
            return TokenPayload.parse(presentation.credential().payload(), TokenOffer.MOST_TOKENS).stream()
                    .map(token -> token.serial().text())
                    .toList();
        } catch (MalformedException e) {
            return List.of();
        }
    }

    @Override
    public Optional<OtherScheme> otherScheme() {
        return Optional.of(plain);
    }

    @Override
    public CompletionStage<Authorization> verify(Presentation presentation) {
        return CompletableFuture.completedFuture(new TokenJudge(accepted, promises, clock.instant())
                .judge(presentation, ladder().map(Ladder::directory)));
    }
}
