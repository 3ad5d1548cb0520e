package org.farthing.server.offer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.PriceFacts;
import org.farthing.protocol.binding.RequestTarget;

/**
 * One priced entry of a {@link PriceList}: what may be paid for it, one offer or several to choose from (spec/server.md,
 * F-SV-26 to F-SV-28).
 */
public final class Route {

    /** How many offers a route has at most: their challenges travel in one header section. */
    public static final int MOST_OFFERS = 8;

    /** Methods that must not change anything on the server (RFC 9110 section 9.2.1), so running one twice does no harm. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final List<PricedOffer> offers;
    private final Set<PriceFact> facts;

    /**
     * Puts a route together.
     *
     * @throws IllegalArgumentException if the offers do not go together
     */
    Route(List<PricedOffer> offers, Set<PriceFact> facts) {
        this.offers = List.copyOf(offers);
        this.facts = Set.copyOf(facts);
        requireThatTheyGoTogether();
    }

    /**
     * Returns the route's stable name.
     *
     * @return the id
     */
    public String id() {
        return first().routeId();
    }

    /**
     * Returns the offers with how each is priced.
     *
     * @return at least one, the preferred one first
     */
    public List<PricedOffer> offers() {
        return offers;
    }

    /**
     * Returns what challenges of this route are tied to; the same for all its offers.
     *
     * @return the mode
     */
    public BindingMode binding() {
        return first().binding();
    }

    /**
     * Returns the fields challenges of this route ask for the credential in.
     *
     * @param usual the field of offers that name none
     * @return one field or both
     */
    public Set<CredentialField> credentialFields(CredentialField usual) {
        Set<CredentialField> fields = EnumSet.noneOf(CredentialField.class);
        offers.forEach(
                offer -> fields.add(Objects.requireNonNullElse(offer.offer().credentialField(), usual)));
        return fields;
    }

    /**
     * Reads the declared facts of a request.
     *
     * @param target the request
     * @param headers the values of a header field by its name, an empty list if absent
     * @return the facts
     * @throws UnpriceableException if a declared fact is ambiguous or broken
     */
    public PricedFacts facts(RequestTarget target, Function<String, List<String>> headers) throws UnpriceableException {
        return PricedFacts.read(facts, target, headers);
    }

    /**
     * Prices a request.
     *
     * @param priced the declared facts
     * @return the offers at the prices of this request, the preferred one first
     * @throws UnpriceableException if the facts make no sense
     */
    public List<Offer> quotes(PricedFacts priced) throws UnpriceableException {
        List<Offer> quotes = new ArrayList<>(offers.size());
        for (PricedOffer offer : offers) {
            quotes.add(offer.quote(priced));
        }
        return quotes;
    }

    /**
     * Returns the offers as they are when they take the most room, for checks before the first request.
     *
     * @return the offers; where a function makes the price, at the one with the most digits
     */
    public List<Offer> longest() {
        return offers.stream().map(PricedOffer::longest).toList();
    }

    /**
     * Tells whether what is sold is described in several languages.
     *
     * @return true if answers depend on {@code Accept-Language}
     */
    public boolean isTranslated() {
        return offers.stream().anyMatch(priced -> !priced.offer().translations().isEmpty());
    }

    /**
     * Finds out under which conditions a request is charged that was issued for this route: the money is what the challenge
     * says, the rest is today's. An offer that was taken out meanwhile is honoured under the limits of the first one, because
     * a challenge is a promise until it expires (F-SV-7).
     *
     * @param request the request of a challenge this server issued
     * @param method the payment method that made it
     * @return the offer at the price of that challenge
     */
    public Offer promised(PaymentRequest request, String method) {
        Offer today = today(request.currency(), method);
        Object capture = request.methodDetails().get("capture");
        boolean atMost = capture == null ? today.upTo() : capture.equals("upto");
        return today.promised(request.amount(), request.currency(), atMost);
    }

    /**
     * Offers the same again to a wallet that has paid for it and shows its pass (spec/pass.md).
     *
     * @param currency what it paid in
     * @param method the payment method it paid by
     * @return an offer of nothing, without another pass
     */
    public Offer again(CurrencyId currency, String method) {
        return today(currency, method).withoutPass().promised(Amount.ZERO, currency, false);
    }

    private Offer today(CurrencyId currency, String method) {
        return offers.stream()
                .map(PricedOffer::offer)
                .filter(offer -> offer.isFor(method) && offer.currency().equals(currency))
                .findFirst()
                .orElse(first());
    }

    /**
     * Returns what binds the declared facts, {@code opaque.pf}.
     *
     * @param priced the declared facts
     * @return the hash, or empty if the route declared none
     */
    public Optional<String> factsHash(PricedFacts priced) {
        return facts.isEmpty() ? Optional.empty() : Optional.of(PriceFacts.hash(id(), priced.asMap()));
    }

    /**
     * Tells whether any of its offers has a pass.
     *
     * @return true if who paid may come again
     */
    public boolean hasPass() {
        return offers.stream().anyMatch(offer -> offer.offer().pass() != null);
    }

    /**
     * Tells whether the handler may run twice for one payment.
     *
     * @param method the request method
     * @return true for safe methods and for offers declared repeatable
     */
    public boolean isRepeatable(String method) {
        return first().repeatable() || SAFE.contains(method);
    }

    private Offer first() {
        return offers.get(0).offer();
    }

    /** What is a matter of the handler and not of the payment cannot depend on who pays how. */
    private void requireThatTheyGoTogether() {
        if (offers.isEmpty() || offers.size() > MOST_OFFERS) {
            throw new IllegalArgumentException(
                    "a route has 1 to " + MOST_OFFERS + " offers, not " + offers.size() + ": all travel in one answer");
        }
        for (int i = 0; i < offers.size(); i++) {
            Offer offer = offers.get(i).offer();
            if (!offer.routeId().equals(id())
                    || offer.binding() != binding()
                    || offer.repeatable() != first().repeatable()) {
                throw new IllegalArgumentException(
                        "the offers of one route have one route id, one binding and one word on repeating: " + id());
            }
            for (PricedOffer earlier : offers.subList(0, i)) {
                if (collide(earlier.offer(), offer)) {
                    throw new IllegalArgumentException("the route " + id() + " has two offers in "
                            + offer.currency().text() + " for one payment method: nobody would pay the dearer one");
                }
            }
        }
    }

    private static boolean collide(Offer one, Offer other) {
        return one.currency().equals(other.currency())
                && (one.methods().isEmpty()
                        || other.methods().isEmpty()
                        || !Collections.disjoint(one.methods(), other.methods()));
    }

    @Override
    public String toString() {
        return "Route[" + id() + "]";
    }
}
