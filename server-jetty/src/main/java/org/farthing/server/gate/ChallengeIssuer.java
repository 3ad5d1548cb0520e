package org.farthing.server.gate;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.farthing.protocol.AcceptPayment;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.ChallengePool.Prepared;
import org.farthing.server.gate.ChallengePool.Target;
import org.farthing.server.method.Intent;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.BindingMode;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;
import org.jspecify.annotations.Nullable;

/**
 * Makes challenges: fresh, bound and signed, without keeping anything of who asks (spec/challenge.md, F-CH-40 to F-CH-47; spec/binding.md).
 *
 * <p>Every challenge is signed. Under load the server sheds requests; it never drops the signature, or an attacker could force
 * the unsigned form (F-CH-43).
 *
 * <p>Thread-safe; never blocks.
 */
public final class ChallengeIssuer {

    /** How long a challenge lives unless configured otherwise. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

    /** How long a challenge may live at most (F-CH-42). */
    public static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

    /** How long a challenge lies ready at most: the payer gets nearly all of its lifetime. */
    private static final Duration MOST_READY_FOR = Duration.ofSeconds(30);

    /** Requests that can be made again with a pass (F-PA-2). */
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final List<PaymentMethod> methods;
    private final Supplier<GateKeys> keys;
    private final Duration lifetime;
    private final CredentialField field;
    private final SecureRandom random;
    private volatile @Nullable ChallengePool pool;

    /**
     * Creates an issuer.
     *
     * @param methods the methods to offer, the preferred one first
     * @param keys what binds the challenge id and signs
     * @param lifetime how long a challenge lives, more than zero and at most {@link #MAX_LIFETIME}
     * @param field where the credential is to be sent unless an offer says otherwise
     * @param random where nonces come from
     * @throws IllegalArgumentException if the lifetime is out of range
     */
    public ChallengeIssuer(
            List<PaymentMethod> methods,
            Supplier<GateKeys> keys,
            Duration lifetime,
            CredentialField field,
            SecureRandom random) {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a challenge lives 1 second to 10 minutes, not " + lifetime);
        }
        this.methods = List.copyOf(methods);
        this.keys = keys;
        this.lifetime = lifetime;
        this.field = field;
        this.random = random;
    }

    /**
     * Makes a challenge for each offer by each method that may pay it and the client accepts; for all methods if it accepts
     * none (F-AP-5, F-SV-26).
     *
     * @param route the route that is charged
     * @param offers its offers at the prices of this request
     * @param facts the request
     * @param accept what the client says it can pay with
     * @param shown what stands in {@code Payment-Pass}: a pass of ours for this request gets an offer of nothing, before all
     *     others; anything else counts for nothing
     * @param now the time
     * @return the challenges, in the client's order of preference; offers and methods keep theirs among equals
     */
    public List<Challenge> issue(
            Route route,
            List<Offer> offers,
            RequestFacts facts,
            AcceptPayment accept,
            List<String> shown,
            Instant now) {
        // One set for all: the id and the signature of a challenge belong together (F-KY-33).
        GateKeys set = keys.get();
        Optional<Pass> pass = pass(route, facts, shown, set.secrets(), now);
        List<Choice> choices = choices(route, offers, facts, accept, pass);
        SigningKey key = set.signingAt(now).orElseThrow(NoSigningKeyException::new);
        List<Challenge> challenges = new ArrayList<>(choices.size());
        for (Choice choice : choices) {
            Challenge prepared = prepared(choice, route, facts, set, key, now);
            challenges.add(prepared == null ? make(choice, route, facts, set, key, now) : prepared);
        }
        return challenges;
    }

    /** Prepares challenges for busy pages from now on. */
    void prepare(Executor executor, InstantSource clock, int mostReady) {
        Duration tenth = lifetime.dividedBy(10);
        Duration keep = tenth.compareTo(MOST_READY_FOR) < 0 ? tenth : MOST_READY_FOR;
        pool = new ChallengePool(executor, clock, keep, mostReady, this::prepare);
    }

    /** How many challenges lie ready. */
    int ready() {
        ChallengePool prepared = pool;
        return prepared == null ? 0 : prepared.size();
    }

    /** Tells whether every challenge of this demand lies ready, so that it costs no signature. */
    boolean isPrepared(Route route, List<Offer> offers, RequestFacts facts, AcceptPayment accept, List<String> shown) {
        ChallengePool prepared = pool;
        return prepared != null
                && facts.digest() == null
                && shown.isEmpty()
                && choices(route, offers, facts, accept, Optional.empty()).stream()
                        .allMatch(choice -> prepared.has(Target.of(choice.method(), route, choice.offer(), facts)));
    }

    private List<Choice> choices(
            Route route, List<Offer> offers, RequestFacts facts, AcceptPayment accept, Optional<Pass> again) {
        List<Choice> choices = new ArrayList<>();
        again.ifPresent(pass -> choices.addAll(again(route, pass)));
        boolean reads = READING.contains(facts.target().method()) && facts.digest() == null;
        for (Offer offer : offers) {
            for (PaymentMethod method : methods) {
                if (method.intents().contains(Intent.CHARGE)
                        && offer.isFor(method.id().text())
                        && method.covers(offer)) {
                    choices.add(new Choice(method, reads ? offer : offer.withoutPass(), null));
                }
            }
        }
        return accept.rank(choices, Choice::name, method -> Intent.CHARGE.text());
    }

    /** One that was made ahead; none for a body, which has its own digest, or a pass. */
    private @Nullable Challenge prepared(
            Choice choice, Route route, RequestFacts facts, GateKeys set, SigningKey key, Instant now) {
        ChallengePool prepared = pool;
        return prepared == null
                        || facts.digest() != null
                        || choice.pass() != null
                        || !choice.method().offersAhead()
                ? null
                : prepared.take(Target.of(choice.method(), route, choice.offer(), facts), set.secrets(), key, now);
    }

    private Challenge make(Choice choice, Route route, RequestFacts facts, GateKeys set, SigningKey key, Instant now) {
        ChallengeTerms terms = terms(choice, route, facts, now);
        return ChallengeSigner.sign(key, new Challenge(set.secrets().id(terms, now), terms, null, null));
    }

    private Prepared prepare(Target target, Instant now) {
        GateKeys set = keys.get();
        SigningKey key = set.signingAt(now).orElseThrow(NoSigningKeyException::new);
        Choice choice = new Choice(target.method(), target.offer(), null);
        Challenge challenge = make(choice, target.route(), target.facts(), set, key, now);
        return new Prepared(challenge, set.secrets(), key, now);
    }

    /**
     * Makes the challenges a 402 of this route may have as large as they get: every offer at its longest price, every method,
     * with a body, and one more for a pass if it gives any. What a request asks for adds nothing to them, because they hold its hash.
     *
     * @param route the route
     * @param origin the origin it is asked at
     * @param now the time
     * @return the challenges, which are not for sending
     * @throws UnpriceableException if the route cannot be priced without a request
     */
    List<Challenge> largest(Route route, Origin origin, Instant now) throws UnpriceableException {
        RequestFacts facts = anyRequest(route, origin);
        RequestTarget target = facts.target();
        List<Challenge> largest =
                new ArrayList<>(issue(route, route.longest(), facts, AcceptPayment.orAll(List.of()), List.of(), now));
        if (route.hasPass()) {
            String charge = largest.get(0).id();
            CurrencyId currency = route.longest().get(0).currency();
            GateKeys set = keys.get();
            SigningKey key = set.signingAt(now).orElseThrow(NoSigningKeyException::new);
            methods.stream()
                    .map(method -> method.id().text())
                    .distinct()
                    .map(method -> new Pass(charge, target.rb(), null, method, currency, now.plus(MAX_LIFETIME)))
                    .flatMap(pass -> again(route, pass).stream())
                    .limit(1)
                    .forEach(choice -> largest.add(make(choice, route, facts, set, key, now)));
        }
        return largest;
    }

    /** A request with a body, whatever it asks for. */
    static RequestFacts anyRequest(Route route, Origin origin) throws UnpriceableException {
        RequestTarget target = RequestTarget.of("POST", origin, "/", null);
        return new RequestFacts(target, ContentDigest.of(new byte[0]), route.facts(target, name -> List.of()));
    }

    /** One way to pay one offer, or to come again. */
    private record Choice(
            PaymentMethod method, Offer offer, @Nullable Pass pass) {

        String name() {
            return method.id().text();
        }
    }

    private Optional<Pass> pass(Route route, RequestFacts facts, List<String> shown, SecretRing secrets, Instant now) {
        return shown.isEmpty() || route.binding() != BindingMode.EXACT
                ? Optional.empty()
                : Pass.read(shown, secrets, facts.origin(), now)
                        .filter(pass -> pass.isFor(facts, route.factsHash(facts.priced())));
    }

    /** By the methods that can tell whether it is the same wallet. */
    private List<Choice> again(Route route, Pass pass) {
        Offer offer = route.again(pass.currency(), pass.method());
        return methods.stream()
                .filter(method -> method.knowsPayers()
                        && method.intents().contains(Intent.CHARGE)
                        && method.id().text().equals(pass.method()))
                .map(method -> new Choice(method, offer, pass))
                .toList();
    }

    private ChallengeTerms terms(Choice choice, Route route, RequestFacts facts, Instant now) {
        ContentDigest digest = facts.digest();
        return new ChallengeTerms(
                facts.origin().realm(),
                choice.name(),
                Intent.CHARGE.text(),
                request(choice.method(), choice.offer(), facts).format(),
                Rfc3339.format(expires(choice, now)),
                digest == null ? null : digest.format(),
                opaque(choice, route, facts).format(),
                fieldOf(choice.offer()).parameter());
    }

    /** The end of the pass is the end of what it offers: no later check is needed (F-PA-12). */
    private Instant expires(Choice choice, Instant now) {
        Instant usual = now.plus(lifetime);
        Pass pass = choice.pass();
        return pass != null && pass.until().isBefore(usual) ? pass.until() : usual;
    }

    private CredentialField fieldOf(Offer offer) {
        return Objects.requireNonNullElse(offer.credentialField(), field);
    }

    /** A request that another method of this name would take would be sold and not be accepted: better no challenge. */
    private PaymentRequest request(PaymentMethod method, Offer offer, RequestFacts facts) {
        PaymentRequest request = method.offer(offer, facts);
        for (PaymentMethod other : methods) {
            if (other.id().equals(method.id())
                    && other.intents().contains(Intent.CHARGE)
                    && other.takes(request) != other.equals(method)) {
                throw new IllegalStateException("the methods called " + method.id()
                        + " do not agree whose this request is: " + method.getClass() + " made it");
            }
        }
        return request;
    }

    private Opaque opaque(Choice choice, Route route, RequestFacts facts) {
        String nonce = Opaque.newNonce(random);
        Opaque opaque = choice.offer().binding() == BindingMode.EXACT
                ? Opaque.exact(nonce, facts.target().rb())
                : Opaque.route(nonce, route.id(), facts.origin().text());
        Opaque bound = route.factsHash(facts.priced()).map(opaque::withFacts).orElse(opaque);
        Pass pass = choice.pass();
        return pass == null ? bound : bound.withReEntry(pass.charge());
    }
}
