package org.farthing.server.gate;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.ChargeOutcome.State;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Examined.Limited;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.gate.Examined.Rejected;
import org.farthing.server.ledger.Charge;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.Intent;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;
import org.jspecify.annotations.Nullable;

/**
 * Decides about requests that have a price: one state machine for every payment method and every server (spec/server.md).
 *
 * <p><b>Use.</b> {@link #examine} a request, learn its body's digest (verified if {@link Examined#verifiesBody()}, as the
 * client states it otherwise), {@link #decide}, and do what the decision says.
 *
 * <p><b>Security guarantees.</b> Without a decision to serve, no handler may run. A credential is served at most once, whatever
 * the number of threads and nodes that share the ledger; the same bytes again get the same answer. No 402 answers a credential
 * whose money moved.
 *
 * <p><b>Threads.</b> Thread-safe. Nothing blocks. Stages complete on the caller's thread or on the ledger's executor, and
 * never fail.
 */
public final class PaymentGate implements AutoCloseable {

    private final CredentialCheck check;
    private final Services services;

    private PaymentGate(CredentialCheck check, Services services) {
        this.check = check;
        this.services = services;
    }

    /**
     * Starts a gate.
     *
     * @param ledger where money and claims are
     * @param secrets what binds challenge ids
     * @param key what signs challenges, receipts and release statements
     * @param timers delayed work
     * @return a builder
     */
    public static Builder builder(Ledger ledger, SecretRing secrets, SigningKey key, Timers timers) {
        GateKeys fixed = GateKeys.of(key, secrets);
        return builder(ledger, () -> fixed, timers);
    }

    /**
     * Starts a gate whose keys and secrets change while it runs.
     *
     * @param ledger where money and claims are
     * @param keys what to sign and bind with; asked at each use, must not block or throw
     * @param timers delayed work
     * @return a builder
     */
    public static Builder builder(Ledger ledger, Supplier<GateKeys> keys, Timers timers) {
        return new Builder(ledger, keys, timers);
    }

    /**
     * Makes the checks that need no body, no signature and no ledger.
     *
     * @param inquiry the request
     * @return what they found
     */
    public Examined examine(Inquiry inquiry) {
        return services.limits().apply(check.examine(inquiry));
    }

    /**
     * Decides.
     *
     * @param examined what {@link #examine} found
     * @param digest the digest of the body, or null if there is none
     * @return what to do; a refusal completes at once, a payment when the ledger has answered
     */
    public CompletionStage<Decision> decide(Examined examined, @Nullable ContentDigest digest) {
        Course course = Course.of(examined, digest);
        if (examined instanceof Plausible plausible) {
            return new Attempt(services, course, plausible).decide();
        }
        if (examined instanceof Examined.Other other) {
            return byOtherScheme(course, other);
        }
        if (examined instanceof Limited limited) {
            return CompletableFuture.completedFuture(services.limits().refuse(course, limited));
        }
        if (examined instanceof Rejected rejected) {
            return rejected.isDemanded()
                    ? demanded(course, () -> rejected(course, rejected))
                    : CompletableFuture.completedFuture(rejected(course, rejected));
        }
        return demanded(course, () -> services.answers().unpaid(course));
    }

    /** Its price is today's, because no challenge of ours promised another. */
    private CompletionStage<Decision> byOtherScheme(Course course, Examined.Other other) {
        Plausible plausible;
        try {
            plausible =
                    services.others().plausible(other, course, services.clock().instant());
        } catch (UnpriceableException | RuntimeException e) {
            // The demand says which it was.
            return demanded(course, () -> services.answers().unpaid(course));
        }
        return new Attempt(services, Course.of(plausible, course.digest()), plausible).decide();
    }

    /** Who shows no money waits for its turn when the server is busy; who pays does not (F-SV-68). */
    private CompletionStage<Decision> demanded(Course course, Supplier<Decision> demand) {
        return services.lane()
                .run(
                        demand,
                        () -> services.answers().isPrepared(course),
                        () -> services.answers().busy(course));
    }

    /**
     * Says what became of the money of a credential on a request that costs nothing (now). Nothing is verified but the challenge
     * id, and nothing is claimed.
     *
     * @param headers the values of a header field, one a line, by its name
     * @return what to say, soon; or empty if there is no credential for a challenge of this server
     */
    public Optional<CompletionStage<ChargeOutcome>> unneeded(Function<String, List<String>> headers) {
        return check.issued(headers).map(credential -> {
            String id = credential.challenge().id();
            CompletionStage<State> state = services.ledger()
                    .charge(id)
                    .handle((charge, failure) ->
                            failure == null ? stateOf(charge, credential.fingerprint()) : State.PENDING);
            return services.patience()
                    .await(state, () -> State.PENDING, late -> {})
                    .thenApply(known -> new ChargeOutcome(known, id));
        });
    }

    /** Other bytes than those that claimed have set nothing aside, and hear nothing about the charge (F-RE-6). */
    private static State stateOf(Optional<Charge> charge, String fingerprint) {
        if (charge.isEmpty() || !charge.get().claimedBy(fingerprint)) {
            return State.REFUSED;
        }
        return switch (charge.get().state()) {
            case HELD -> State.PENDING;
            case CAPTURED -> State.CAPTURED;
            case RELEASED, REFUNDED -> State.RELEASED;
        };
    }

    /**
     * Refuses a request whose body is longer than what can be bound (F-BI-43).
     *
     * @param examined what {@link #examine} found
     * @param limit how many bytes would be read
     * @return 413
     */
    public Decision.Refuse bodyTooLarge(Examined examined, long limit) {
        String detail = examined.verifiesBody()
                ? "The body is longer than this server takes with a payment."
                : "The body is longer than this server reads before a payment. Send its Content-Digest (sha-256).";
        Problem problem = Problem.of(ProblemType.BODY_TOO_LARGE, detail).with("limit", Long.toString(limit));
        return services.answers().refuse(Course.of(examined, null), problem);
    }

    /**
     * Refuses a request whose {@code Content-Digest} cannot be read (F-BI-42).
     *
     * @param examined what {@link #examine} found
     * @return 400
     */
    public Decision.Refuse badDigest(Examined examined) {
        Problem problem = Problem.of(ProblemType.BAD_REQUEST, "The Content-Digest field cannot be read.");
        return services.answers().refuse(Course.of(examined, null), problem);
    }

    /**
     * Refuses a request whose body broke off or cannot be read. Nothing is claimed, but the same bytes may have been charged
     * before.
     *
     * @param examined what {@link #examine} found
     * @return 400
     */
    public Decision.Refuse brokenBody(Examined examined) {
        Problem problem = Problem.of(ProblemType.BAD_REQUEST, "The body of the request cannot be read.");
        State state = examined instanceof Plausible ? State.PENDING : State.REFUSED;
        return services.answers().refuse(Course.of(examined, null), problem, state, null);
    }

    /**
     * Refuses a request that no challenge can be bound to: its method, path or query is none that HTTP can carry.
     *
     * @param route what it asks for
     * @param headers the values of a header field, one a line, by its name
     * @return 400
     */
    public Decision.Refuse unbindable(Route route, Function<String, List<String>> headers) {
        Problem problem = Problem.of(ProblemType.BAD_REQUEST, "This method, path or query cannot be paid for.");
        services.events().record(PaymentEvent.answered(PaymentEvent.Kind.REFUSED, route.id(), problem.type()));
        String id = CredentialCheck.named(headers);
        ChargeOutcome outcome = id == null || !ChargeOutcome.canName(id) ? null : new ChargeOutcome(State.REFUSED, id);
        return new Decision.Refuse(problem, outcome, null);
    }

    /**
     * Refuses because the answer broke the rules of its route: too large or streamed, with {@link
     * org.farthing.server.offer.CaptureMode#HOLD} (F-ST-34).
     *
     * @param outcome what became of the money
     * @param examined the request
     * @return 500
     */
    public Decision.Refuse unholdable(Settled outcome, Examined examined) {
        if (outcome instanceof Settled.Withhold withhold) {
            return withhold.refuse();
        }
        Course course = Course.of(examined, null);
        ChargeOutcome released = ((Settled.Deliver) outcome).outcome();
        Problem problem = Answers.internalError();
        if (released.state() == State.RELEASED) {
            Origin recipient = course.inquiry().target().origin();
            Instant now = services.clock().instant();
            List<String> serials =
                    examined instanceof Plausible plausible ? new Proof(course, plausible).presented() : List.of();
            problem =
                    problem.with("release", services.signer().release(released.challengeId(), recipient, now, serials));
        }
        return services.answers().refuse(course, problem, released.state(), null);
    }

    /**
     * Makes the challenges of a route as large as they get, to see before the first request whether they fit into an answer.
     *
     * @param route the route
     * @param origin the origin it is asked at
     * @return the challenges, which are not for sending
     * @throws UnpriceableException if the route cannot be priced without a request
     */
    public List<Challenge> largestChallenges(Route route, Origin origin) throws UnpriceableException {
        return services.answers().largest(route, origin);
    }

    /**
     * Makes the challenges of other authentication schemes a 402 of this route may have beside those of {@link
     * #largestChallenges}.
     *
     * @param route the route
     * @param origin the origin it is asked at
     * @return field values, which are not for sending
     * @throws UnpriceableException if the route cannot be priced without a request
     */
    public List<String> largestOthers(Route route, Origin origin) throws UnpriceableException {
        return services.answers().largestOthers(route, origin);
    }

    /**
     * Returns how many challenges lie ready for busy pages.
     *
     * @return the number now
     */
    public int prepared() {
        return services.answers().prepared();
    }

    /**
     * Returns how many charges this node is working on.
     *
     * @return the number
     */
    public int running() {
        return services.running().size();
    }

    /** Gives back the money of every charge whose handler still runs: its answer will not be delivered. */
    @Override
    public void close() {
        services.running().abandonAll();
    }

    private Decision rejected(Course course, Rejected rejected) {
        Problem plain = Problem.of(rejected.type(), rejected.detail());
        Problem problem = rejected.reason() == null ? plain : plain.with("reason", rejected.reason());
        if (rejected.type() == ProblemType.METHOD_UNSUPPORTED) {
            problem = problem.with("supported", check.methodNames());
        }
        return rejected.type().defaultStatus() == 402
                ? services.answers().demand(course, problem)
                : services.answers().refuse(course, problem);
    }

    /** Collects what a gate works with. For one thread. */
    public static final class Builder {

        /** What a processor signs in some 50 ms: nobody is asked to wait longer than that for a price. */
        private static final int WAITING_FOR_EACH = 1_000;

        /** Some 16 MB at most, where thousands of pages are busy. */
        private static final int MOST_READY = 8_192;

        private final Ledger ledger;
        private final Supplier<GateKeys> keys;
        private final Timers timers;
        private final List<PaymentMethod> methods = new ArrayList<>();
        private InstantSource clock = InstantSource.system();
        private SecureRandom random = new SecureRandom();
        private PaymentEvents events = PaymentEvents.NONE;
        private Admission admission = Admission.ALL;
        private @Nullable Executor executor;
        private int atOnce = Runtime.getRuntime().availableProcessors();
        private int mostWaiting = WAITING_FOR_EACH * atOnce;
        private int mostReady = MOST_READY;
        private CredentialField field = CredentialField.AUTHORIZATION;
        private Duration lifetime = ChallengeIssuer.DEFAULT_LIFETIME;
        private Duration ledgerDeadline = Patience.DEFAULT;
        private @Nullable String walletUrl;
        private BooleanSupplier mayOffer = () -> true;

        private Builder(Ledger ledger, Supplier<GateKeys> keys, Timers timers) {
            this.ledger = ledger;
            this.keys = keys;
            this.timers = timers;
        }

        /**
         * Adds a payment method; the first added is offered first.
         *
         * @param method the method
         * @return this
         */
        public Builder method(PaymentMethod method) {
            methods.add(method);
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param source the clock
         * @return this
         */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /**
         * Sets where nonces come from.
         *
         * @param source a cryptographically secure source
         * @return this
         */
        public Builder random(SecureRandom source) {
            this.random = source;
            return this;
        }

        /**
         * Sets who listens.
         *
         * @param listener the listener
         * @return this
         */
        public Builder events(PaymentEvents listener) {
            this.events = listener;
            return this;
        }

        /**
         * Sets who is told to wait.
         *
         * @param limits the limits
         * @return this
         */
        public Builder admission(Admission limits) {
            this.admission = limits;
            return this;
        }

        /**
         * Sets where challenges are prepared, and where demands are made that had to wait. Without it every demand is made at
         * once where it is asked for.
         *
         * @param threads the executor
         * @return this
         */
        public Builder executor(Executor threads) {
            this.executor = threads;
            return this;
        }

        /**
         * Sets how busy the server may get with requests that show no money; beyond, they are answered 503 (F-SV-68).
         *
         * @param together how many demands are made at once, at least 1; the number of processors if nothing is said
         * @param waiting how many more wait for their turn; 1,000 for each processor if nothing is said
         * @return this
         */
        public Builder demands(int together, int waiting) {
            this.atOnce = together;
            this.mostWaiting = waiting;
            return this;
        }

        /**
         * Sets how many challenges are kept ready for busy pages.
         *
         * @param most how many at most, of all pages together; 8,192 if nothing is said, 0 for none
         * @return this
         */
        public Builder prepared(int most) {
            this.mostReady = most;
            return this;
        }

        /**
         * Sets the field challenges ask for the credential in.
         *
         * @param selected the field
         * @return this
         */
        public Builder credentialField(CredentialField selected) {
            this.field = selected;
            return this;
        }

        /**
         * Sets how long a challenge lives.
         *
         * @param time 1 second to 10 minutes
         * @return this
         */
        public Builder lifetime(Duration time) {
            this.lifetime = time;
            return this;
        }

        /**
         * Sets how long a request waits for the ledger, before its handler runs and again after it; then it is answered 503 and
         * the ledger's answer is seen to when it comes (F-SV-70).
         *
         * @param most more than nothing; 10 seconds if nothing is said
         * @return this
         */
        public Builder ledgerDeadline(Duration most) {
            this.ledgerDeadline = most;
            return this;
        }

        /**
         * Sets when nothing is offered: requests that would get a challenge are answered 503 then (F-ST-24).
         *
         * @param condition whether challenges may be made now; must not block or throw
         * @return this
         */
        public Builder offersOnlyIf(BooleanSupplier condition) {
            this.mayOffer = condition;
            return this;
        }

        /**
         * Sets the page where people open and top up wallets.
         *
         * @param url an absolute URL, or null if there is none
         * @return this
         */
        public Builder walletUrl(@Nullable String url) {
            this.walletUrl = url;
            return this;
        }

        /**
         * Builds the gate.
         *
         * @return the gate
         * @throws IllegalArgumentException if there is no method that charges, two of one name are of the same kind, or the
         *     lifetime or the ledger's deadline is out of range
         */
        public PaymentGate build() {
            if (methods.stream().noneMatch(method -> method.intents().contains(Intent.CHARGE))) {
                throw new IllegalArgumentException(
                        "add a payment method that charges: without one no 402 can be answered");
            }
            requireDistinct();
            ChallengeIssuer issuer = new ChallengeIssuer(methods, keys, lifetime, field, random);
            PaymentEvents guarded = new GuardedEvents(events);
            OtherSchemes others = new OtherSchemes(methods, lifetime);
            Answers answers = new Answers(issuer, others, clock, guarded, walletUrl, mayOffer);
            Executor threads = executor;
            if (threads != null) {
                issuer.prepare(threads, clock, mostReady);
            }
            Services services = new Services(
                    ledger,
                    timers,
                    new Patience(timers, ledgerDeadline),
                    clock,
                    answers,
                    others,
                    new Limits(new GuardedAdmission(admission), answers),
                    threads == null
                            ? new DemandLane(Runnable::run, Integer.MAX_VALUE, 0)
                            : new DemandLane(threads, atOnce, mostWaiting),
                    new ReceiptSigner(keys),
                    new RunningCharges(timers),
                    guarded);
            return new PaymentGate(new CredentialCheck(methods, others, keys, clock), services);
        }

        /** Methods may share a name if each takes requests of its own; two of one class cannot be told apart. */
        private void requireDistinct() {
            Set<String> kinds = new HashSet<>();
            methods.forEach(method -> {
                if (!kinds.add(method.id() + " " + method.getClass().getName())) {
                    throw new IllegalArgumentException("two payment methods of one kind are called " + method.id()
                            + ": which of them a payment is for could not be told");
                }
            });
        }
    }
}
