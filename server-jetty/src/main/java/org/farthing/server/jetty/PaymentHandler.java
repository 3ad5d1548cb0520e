package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Admission;
import org.farthing.server.gate.ChallengeIssuer;
import org.farthing.server.gate.GateKeys;
import org.farthing.server.gate.Inquiry;
import org.farthing.server.gate.Patience;
import org.farthing.server.gate.Payment;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.gate.Refunds;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.Intent;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.Route;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.BlindTokenMethod;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Charges for what the handler behind it serves: requests on priced paths get 402 with signed challenges, or are served once
 * their payment is reserved and charged when they were served (specification: server.md, charge.md, retry.md).
 *
 * <p>{@link #builder} makes one with the usual parts. Place it inside compression, rate limits, size limits and
 * authentication, and outside everything that makes priced content (F-SV-23).
 *
 * <p><b>Guarantees.</b> Without a payment no priced handler runs. Nothing is charged for an answer that is not a 2xx, that
 * fails, or that was not made in time. One credential is charged and served once; sent again it gets the same answer.
 *
 * <p><b>Not guaranteed.</b> What the application leaks elsewhere: a priced resource that is also reachable under a free path is
 * free there, unless a {@link PricedGuard} stands in front of it.
 *
 * <p><b>Threads.</b> Blocks no thread itself and passes on the invocation type of the handler behind it. That handler runs on
 * the container's thread if nothing had to be waited for, else on a thread of the server.
 *
 * <p>Setters are for the time before the start and throw {@link IllegalStateException} after it.
 */
@ManagedObject("Charges for requests (HTTP 402)")
public class PaymentHandler extends Handler.Wrapper {

    /** The request attribute with the {@link Payment} of a paid request, for the handler behind. */
    public static final String PAYMENT_ATTRIBUTE = PaymentHandler.class.getName() + ".payment";

    /**
     * The request attribute with the {@code Payment-Receipt} field value of a paid answer, for the handlers around. A receipt
     * is sensitive: keep it out of logs (S41).
     */
    public static final String RECEIPT_ATTRIBUTE = PaymentHandler.class.getName() + ".receipt";

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);
    private static final int DEFAULT_BODY_LIMIT = 65_536;

    private final List<Origin> origins = new ArrayList<>();
    private final List<PaymentMethod> methods = new ArrayList<>();
    private final PaymentStatistics statistics = new PaymentStatistics();
    private PriceList prices = PriceList.builder().build();
    private @Nullable Ledger ledger;
    private @Nullable SigningKey signingKey;
    private @Nullable SecretRing secrets;
    private @Nullable Supplier<ServerKeys> keySource;
    private @Nullable Supplier<GateKeys> keys;
    private @Nullable String walletUrl;
    private CredentialField credentialField = CredentialField.AUTHORIZATION;
    private Duration challengeLifetime = ChallengeIssuer.DEFAULT_LIFETIME;
    private Duration ledgerDeadline = Patience.DEFAULT;
    private PaymentEvents events = PaymentEvents.NONE;
    private @Nullable Admission admission;
    private int demandsTogether = Runtime.getRuntime().availableProcessors();
    private int demandsWaiting = 1_000 * demandsTogether;
    private int preparedChallenges = 8_192;
    private @Nullable ClientName clientName;
    private ClientName clients = request -> null;
    private InstantSource clock = InstantSource.system();
    private Confidentiality confidentiality = new Confidentiality(false, false);
    private int requestBodyLimit = DEFAULT_BODY_LIMIT;
    private boolean passOptions;
    private CrossOrigin crossOrigin = CrossOrigin.none();
    private boolean chained;
    private AcceptedServices services = AcceptedServices.none();
    private @Nullable AcceptedTokens tokens;
    private @Nullable RemoteTokens remoteTokens;
    private @Nullable TokenLinks tokenLinks;
    private @Nullable TokenRedeeming redeeming;
    private @Nullable SwapRoute swapRoute;
    private @Nullable ServiceLinks links;
    private @Nullable Collecting collecting;
    private @Nullable ClockWatch clockWatch;
    private @Nullable PaymentGate gate;

    /** Creates a handler that charges for nothing yet. */
    public PaymentHandler() {
        this(null);
    }

    /**
     * Creates a handler that charges for nothing yet.
     *
     * @param handler what serves, or null to set it later
     */
    public PaymentHandler(@Nullable Handler handler) {
        super(handler);
        addBean(statistics, false);
    }

    /**
     * Starts a handler with the usual parts.
     *
     * @param origin the public origin, for example {@code https://api.example.com}
     * @return a builder
     * @throws IllegalArgumentException if the text is no origin
     */
    public static PaymentHandlerBuilder builder(String origin) {
        return new PaymentHandlerBuilder(origin);
    }

    /**
     * Returns the payment a request runs under.
     *
     * @param request the request as a handler behind this one got it
     * @return the payment, or null if nothing is charged for this request
     */
    public static @Nullable Payment getPayment(Request request) {
        return request.getAttribute(PAYMENT_ATTRIBUTE) instanceof Payment payment ? payment : null;
    }

    // ---- configuration -------------------------------------------------------------------------------------------

    /**
     * Adds a public origin requests may be for. Requests for other authorities get 421 on priced paths (F-BI-32).
     *
     * @param origin the origin
     */
    public void addOrigin(Origin origin) {
        requireNotStarted();
        origins.add(origin);
    }

    /**
     * Adds a payment method; the first is offered first.
     *
     * @param method the method
     */
    public void addMethod(PaymentMethod method) {
        requireNotStarted();
        methods.add(method);
    }

    /**
     * Sets what costs what.
     *
     * @param list the prices
     */
    public void setPrices(PriceList list) {
        requireNotStarted();
        prices = list;
    }

    /**
     * Sets where money and claims are. The handler does not close it.
     *
     * @param books the ledger
     */
    public void setLedger(Ledger books) {
        requireNotStarted();
        ledger = books;
    }

    /**
     * Sets what signs challenges, receipts and release statements.
     *
     * @param key a key with the roles {@code challenge}, {@code receipt} and {@code release}
     */
    public void setSigningKey(SigningKey key) {
        requireNotStarted();
        signingKey = key;
    }

    /**
     * Sets what binds challenge ids. Servers that share secrets must share a ledger (F-BI-13).
     *
     * @param ring the secrets
     */
    public void setSecrets(SecretRing ring) {
        requireNotStarted();
        secrets = ring;
    }

    /**
     * Sets keys and secrets that are rotated while this handler is started, in the place of {@link #setSigningKey} and
     * {@link #setSecrets}. A set that could not be started with is not used, and the one before stays (F-KY-34).
     *
     * @param source gives the same object until something changes, such as {@link org.farthing.server.keys.KeyWatch}; asked
     *     for each request, so it must not block or throw
     */
    public void setKeys(Supplier<ServerKeys> source) {
        requireNotStarted();
        keySource = source;
    }

    /**
     * Sets the page where people open and top up wallets.
     *
     * @param url an absolute URL, or null
     */
    public void setWalletUrl(@Nullable String url) {
        requireNotStarted();
        walletUrl = url;
    }

    /**
     * Sets the field credentials come in unless an offer says otherwise, for applications that need {@code Authorization}
     * themselves.
     *
     * @param field the field
     */
    public void setCredentialField(CredentialField field) {
        requireNotStarted();
        credentialField = field;
    }

    /**
     * Sets how long a challenge lives.
     *
     * @param lifetime 1 second to 10 minutes
     */
    public void setChallengeLifetime(Duration lifetime) {
        requireNotStarted();
        challengeLifetime = lifetime;
    }

    /**
     * Sets how long a request waits for the ledger, before the handler behind runs and again after it. Then it is answered 503
     * with {@code Retry-After}; money the ledger sets aside later is given back at once, and a capture that happens later is
     * answered when the same credential comes again (F-SV-70 to F-SV-72).
     *
     * @param most more than nothing; 10 seconds if nothing is said
     * @throws IllegalArgumentException if it is not more than nothing
     */
    public void setLedgerDeadline(Duration most) {
        requireNotStarted();
        ledgerDeadline = Patience.checked(most);
    }

    /**
     * Sets who listens to what happens, beside the counters of this handler.
     *
     * @param listener the listener
     */
    public void setEvents(PaymentEvents listener) {
        requireNotStarted();
        events = listener;
    }

    /**
     * Sets who is told to wait, 429: {@link PaymentLimits}, or limits of the application's own. If nothing is said, the defaults
     * of {@link PaymentLimits} hold.
     *
     * @param limits the limits; {@link Admission#ALL} for none
     */
    public void setAdmission(Admission limits) {
        requireNotStarted();
        admission = limits;
    }

    /**
     * Sets how busy the server may get with requests that show no money. Beyond, they are answered 503 with
     * {@code Retry-After}; requests with a payment go on (F-SV-68).
     *
     * @param together how many demands are made at once; the number of processors if nothing is said
     * @param waiting how many more wait for their turn; 1,000 for each processor if nothing is said
     * @throws IllegalArgumentException if there is none at once, or less than none waits
     */
    public void setDemands(int together, int waiting) {
        requireNotStarted();
        if (together < 1 || waiting < 0) {
            throw new IllegalArgumentException(
                    "at least one demand is made at once, and none or more wait, not " + together + " and " + waiting);
        }
        demandsTogether = together;
        demandsWaiting = waiting;
    }

    /**
     * Sets how many signed challenges are kept ready for busy pages, all pages together (F-CH-46).
     *
     * @param most how many, 0 for none; 8,192 if nothing is said, which is some 16 MB
     * @throws IllegalArgumentException if it is negative
     */
    public void setPreparedChallenges(int most) {
        requireNotStarted();
        if (most < 0) {
            throw new IllegalArgumentException("none or more challenges are kept ready, not " + most);
        }
        preparedChallenges = most;
    }

    /**
     * Sets by what name clients are counted. If nothing is said, by the network their connection comes from, where it is not a
     * proxy's.
     *
     * @param name says who asks
     */
    public void setClientName(ClientName name) {
        requireNotStarted();
        clientName = name;
    }

    /**
     * Sets the clock for challenges and receipts. Holds are timed by the ledger's clock.
     *
     * @param source the clock
     */
    public void setClock(InstantSource source) {
        requireNotStarted();
        clock = source;
    }

    /**
     * Allows plain http on loopback addresses, for development (F-BI-33).
     *
     * @param allowed true in development only
     */
    public void setLoopbackProfile(boolean allowed) {
        requireNotStarted();
        confidentiality = new Confidentiality(allowed, confidentiality.tlsProxy());
    }

    /**
     * Says that a proxy on another machine ends TLS in front of every connector, over a network nobody else is on. A proxy on
     * this machine needs no such word.
     *
     * @param present whether there is one
     */
    public void setTlsProxy(boolean present) {
        requireNotStarted();
        confidentiality = new Confidentiality(confidentiality.loopbackProfile(), present);
    }

    /**
     * Sets how large the body of a paid request may be. It is kept in memory until its digest is verified.
     *
     * @param bytes at least 0
     * @throws IllegalArgumentException if it is negative
     */
    public void setRequestBodyLimit(int bytes) {
        requireNotStarted();
        if (bytes < 0) {
            throw new IllegalArgumentException("the limit of request bodies must not be negative, it is " + bytes);
        }
        requestBodyLimit = bytes;
    }

    /**
     * Lets the application answer {@code OPTIONS} on priced paths. Otherwise this handler answers 204 itself, so that nothing
     * priced leaks (F-SV-22). Preflights of pages are answered here in any case where {@link #setCrossOrigin} names origins.
     *
     * @param pass whether the application gets them
     */
    public void setPassOptions(boolean pass) {
        requireNotStarted();
        passOptions = pass;
    }

    /**
     * Says which web pages of other origins may pay here; none if nothing is said (F-SV-33).
     *
     * @param allowed the origins and what their pages may send and read
     */
    public void setCrossOrigin(CrossOrigin allowed) {
        requireNotStarted();
        crossOrigin = allowed;
    }

    /**
     * Accepts receipts of wallet services, and collects what they owe while this handler is started. Their key documents are
     * fetched then and kept fresh. The key document of this payee must name them as {@code providers}.
     *
     * @param accepted the services and how far they are trusted
     */
    public void setWalletServices(AcceptedServices accepted) {
        requireNotStarted();
        services = accepted;
    }

    /**
     * Accepts blind tokens of an issuer, beside the other methods (specification: token-payment.md).
     *
     * @param accepted which tokens, and how many for one payment; null for none
     */
    public void setTokens(@Nullable AcceptedTokens accepted) {
        requireNotStarted();
        tokens = accepted;
    }

    /**
     * Accepts blind tokens of an issuer that keeps its books elsewhere (specification: token-remote.md). While this handler is
     * started it keeps the issuer's directory fresh, presents what was taken, and serves {@code POST /token-swap}.
     *
     * @param accepted which tokens, and how far the issuer is trusted; null for none
     */
    public void setRemoteTokens(@Nullable RemoteTokens accepted) {
        requireNotStarted();
        remoteTokens = accepted;
    }

    /** Speaks to the issuer of tokens in another way than over the network. */
    void setTokenLinks(TokenLinks other) {
        requireNotStarted();
        tokenLinks = other;
    }

    /** Speaks to wallet services in another way than over the network. */
    void setServiceLinks(ServiceLinks other) {
        requireNotStarted();
        links = other;
    }

    /**
     * Gives payments back, for the application's own program.
     *
     * @return refunds out of this handler's ledger
     * @throws NullPointerException if no ledger was set
     */
    public Refunds refunds() {
        return new Refunds(ledger(), () -> {
            Collecting running = collecting;
            if (running != null) {
                running.wake();
            }
        });
    }

    /** The ledger that was set. */
    Ledger ledger() {
        return Objects.requireNonNull(ledger, "set the ledger first");
    }

    /** The gate, while this handler is started. */
    PaymentGate gate() {
        return Objects.requireNonNull(gate, "start the handler first");
    }

    // ---- life ----------------------------------------------------------------------------------------------------

    @Override
    protected void doStart() throws Exception {
        StartChecks checks = new StartChecks(origins, confidentiality.loopbackProfile(), confidentiality.tlsProxy());
        Supplier<GateKeys> signing = keys(checks);
        checks.checkServices(services, prices);
        if (remoteTokens != null) {
            checks.checkIssuer(remoteTokens, tokens != null, prices);
        }
        if (getServer() == null) {
            throw new IllegalStateException("Set this handler on a server before it is started.");
        }
        TokenRedeeming redeemer = redeemer(signing);
        try {
            List<PaymentMethod> charging = charging(redeemer == null ? tokens : redeemer.accepted());
            Set<String> names = namesOf(charging, method -> true);
            if (!services.origins().isEmpty()) {
                names.add("wallet");
            }
            StartChecks.checkOffers(prices, names, namesOf(charging, PaymentMethod::knowsPayers));
            StartChecks.checkPrices(prices, charging);
            checks.checkConnectors(getServer());
            startGate(signing, charging);
        } catch (RuntimeException e) {
            if (redeemer != null) {
                redeemer.discard();
            }
            throw e;
        }
        if (redeemer != null) {
            AcceptedTokens accepted = redeemer.accepted();
            redeemer.whenKnown(() -> notePrices(charging(accepted)));
            addBean(redeemer, true);
            redeeming = redeemer;
            Patience patience = new Patience(
                    new ServerTimers(getServer().getScheduler()), ledgerDeadline.plus(TokenRedeeming.LONGEST_CALL));
            swapRoute = new SwapRoute(redeemer.swaps(), origins, patience, clock);
        }
        chained = !getDescendants(PaymentHandler.class).isEmpty();
        super.doStart();
        if (clockWatch != null) {
            clockWatch.start();
        }
    }

    /** What is still owed stays in the ledger and is collected after the next start. */
    @Override
    protected void doStop() throws Exception {
        PaymentGate open = gate;
        if (open != null) {
            open.close();
        }
        if (clockWatch != null) {
            clockWatch.close();
        }
        super.doStop();
        Collecting ended = collecting;
        if (ended != null) {
            removeBean(ended);
            collecting = null;
        }
        TokenRedeeming redeemed = redeeming;
        if (redeemed != null) {
            removeBean(redeemed);
            redeeming = null;
            swapRoute = null;
        }
    }

    /** Only with the issuer's directory it can be told which prices its tokens make; by then this handler serves. */
    private void notePrices(List<PaymentMethod> charging) {
        try {
            StartChecks.checkPrices(prices, charging);
        } catch (IllegalStateException e) {
            LOG.error("Tokens are not offered for a price. {}", e.getMessage());
        }
    }

    private @Nullable TokenRedeeming redeemer(Supplier<GateKeys> signing) {
        RemoteTokens settings = remoteTokens;
        if (settings == null) {
            return null;
        }
        TokenLinks lines = tokenLinks == null
                ? TokenLinks.open(now -> signing.get().signingAt(now), clock, confidentiality.loopbackProfile())
                : tokenLinks;
        PaymentEvents counted = statistics::record;
        return new TokenRedeeming(
                settings,
                lines,
                origins,
                ledger(),
                new ServerTimers(getServer().getScheduler()),
                clock,
                counted.and(events));
    }

    private Supplier<GateKeys> keys(StartChecks checks) {
        Supplier<ServerKeys> changing = keySource;
        if (changing != null) {
            return new HandlerKeys(changing, checks::checkConfiguration);
        }
        SigningKey key = signingKey;
        if (key == null) {
            throw new IllegalStateException("Set the signing key: challenges and receipts must be signed.");
        }
        checks.checkConfiguration(key);
        SecretRing ring = secrets;
        if (ring == null) {
            throw new IllegalStateException("Set the secrets that bind challenges: at least 32 random bytes.");
        }
        GateKeys fixed = GateKeys.of(key, ring);
        return () -> fixed;
    }

    /** The methods that were added, and tokens. */
    private List<PaymentMethod> charging(@Nullable AcceptedTokens accepted) {
        List<PaymentMethod> all = new ArrayList<>(methods);
        if (accepted != null) {
            all.add(new BlindTokenMethod(accepted, clock));
        }
        return List.copyOf(all);
    }

    private void startGate(Supplier<GateKeys> signing, List<PaymentMethod> charging) {
        Ledger books = ledger;
        if (books == null) {
            throw new IllegalStateException("Set the ledger: without it nothing can be charged.");
        }
        if (signing.get().signingAt(clock.instant()).isEmpty()) {
            throw new IllegalStateException(
                    "No signing key may be used now: farthing-server keys list shows their times.");
        }
        keys = signing;
        ServerTimers timers = new ServerTimers(getServer().getScheduler());
        PaymentEvents counted = statistics::record;
        PaymentEvents all = counted.and(events);
        ClockWatch watch = new ClockWatch(books, timers, clock);
        clockWatch = watch;
        PaymentGate.Builder builder = PaymentGate.builder(books, signing, timers)
                .offersOnlyIf(watch::isInTime)
                .clock(clock)
                .credentialField(credentialField)
                .lifetime(challengeLifetime)
                .ledgerDeadline(ledgerDeadline)
                .executor(getServer().getThreadPool())
                .demands(demandsTogether, demandsWaiting)
                .prepared(preparedChallenges)
                .admission(
                        admission == null ? PaymentLimits.builder().clock(clock).build() : admission)
                .walletUrl(walletUrl);
        clients = clientName == null ? new ClientAddress(confidentiality.tlsProxy()) : clientName;
        charging.forEach(builder::method);
        if (services.origins().isEmpty()) {
            gate = fitting(builder.events(all).build(), charging);
            Collecting.noteUntold(books);
            return;
        }
        ServiceLinks lines = links == null
                ? ServiceLinks.open(now -> signing.get().signingAt(now), clock, confidentiality.loopbackProfile())
                : links;
        try {
            Collecting collector = new Collecting(services, lines, books, timers, clock, all);
            // First, so that a listener that throws does not delay what is owed.
            gate = fitting(
                    builder.method(collector.method())
                            .events(collector.and(all))
                            .build(),
                    charging);
            addBean(collector, true);
            collecting = collector;
        } catch (RuntimeException e) {
            lines.close().run();
            throw e;
        }
    }

    /** The gate whose challenges fit into the answers of every connector. */
    private PaymentGate fitting(PaymentGate built, List<PaymentMethod> charging) {
        new HeaderBudget(List.of(getServer().getConnectors()), charging).check(built, prices, origins);
        return built;
    }

    private static Set<String> namesOf(List<PaymentMethod> charging, Predicate<PaymentMethod> which) {
        Set<String> names = new TreeSet<>();
        charging.stream()
                .filter(method -> method.intents().contains(Intent.CHARGE))
                .filter(which)
                .forEach(method -> names.add(method.id().text()));
        return names;
    }

    private void requireNotStarted() {
        if (isStarted()) {
            throw new IllegalStateException("configure this handler before it is started");
        }
    }

    // ---- requests ------------------------------------------------------------------------------------------------

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        Handler next = getHandler();
        if (path == null || next == null) {
            return super.handle(request, response, callback);
        }
        SwapRoute swaps = swapRoute;
        if (swaps != null && path.equals(SwapRoute.PATH)) {
            swaps.handle(request, Passage.uncharged(request, response), callback, client(request));
            return true;
        }
        if (HttpMethod.OPTIONS.is(request.getMethod()) && isAnsweredHere(request, path)) {
            return free(new OptionsAnswer(crossOrigin), request, response, callback);
        }
        Optional<Route> route = prices.find(request.getMethod(), path);
        Response answer = Passage.uncharged(request, response);
        return route.isPresent()
                ? priced(route.get(), next, request, answer, callback)
                : free(next, request, answer, callback);
    }

    /** What a request costs here. */
    Optional<Route> priceOf(Request request) {
        String path = Request.getPathInContext(request);
        return path == null ? Optional.empty() : prices.find(request.getMethod(), path);
    }

    /** A dispatch within the server is neither charged nor a way around a price (F-SV-92 to F-SV-94). */
    private boolean priced(Route route, Handler next, Request request, Response response, Callback callback)
            throws Exception {
        switch (Passage.of(this, route, request)) {
            case SERVE -> {
                return next.handle(request, response, callback);
            }
            case ERROR_PAGE -> {
                return Passage.plainError(route, request, response, callback);
            }
            case OTHER -> Passage.refuse(route, request, response, callback);
            case CHARGE -> {
                Passage.open(this, route, request);
                charge(route, next, request, response, callback);
            }
        }
        return true;
    }

    /** A preflight is never charged, whatever OPTIONS costs: browsers send it without a credential (F-SV-22). */
    private boolean isAnsweredHere(Request request, String path) {
        boolean priced = prices.find(request.getMethod(), path).isPresent();
        if (!CrossOrigin.isPreflight(request)) {
            return !priced && !passOptions && prices.hasPrice(path);
        }
        return priced
                || (crossOrigin.isAllowed()
                        && prices.find(CrossOrigin.requestedMethod(request), path)
                                .isPresent())
                || (!passOptions && prices.hasPrice(path));
    }

    /** A paywall behind this one sees to the credentials of what it charges for. */
    private boolean free(Handler next, Request request, Response response, Callback callback) throws Exception {
        Optional<FreeAnswer> answer = chained ? Optional.empty() : FreeAnswer.to(gate(), request, response, callback);
        return answer.isPresent() ? answer.get().from(next) : next.handle(request, response, callback);
    }

    private void charge(Route route, Handler next, Request request, Response response, Callback callback) {
        GateReply reply = new GateReply(
                request, response, route.credentialFields(credentialField), crossOrigin, route.isTranslated());
        Inquiry inquiry;
        try {
            inquiry = inquiry(route, request);
        } catch (IllegalArgumentException e) {
            reply.refuse(gate().unbindable(route, request.getHeaders()::getValuesList), callback);
            return;
        }
        new PaidExchange(gate(), next, gate().examine(inquiry), requestBodyLimit, reply, request, response, callback)
                .handle();
    }

    /** A request for another authority is presented as one that cannot be charged for: 421 (F-SV-2). */
    private Inquiry inquiry(Route route, Request request) {
        Optional<Origin> known = origins.stream()
                .filter(origin -> KnownAuthority.is(request, origin))
                .findFirst();
        Origin origin = known.orElse(origins.get(0));
        RequestTarget target = RequestTarget.of(
                request.getMethod(),
                origin,
                Objects.requireNonNullElse(request.getHttpURI().getPath(), ""),
                request.getHttpURI().getQuery());
        boolean confidential = known.isPresent() && confidentiality.isGiven(request, origin);
        return new Inquiry(
                route,
                target,
                request.getHeaders()::getValuesList,
                RequestId.of(request),
                client(request),
                confidential);
    }

    /** A name that cannot be told limits nothing, as limits that fail do. */
    private @Nullable String client(Request request) {
        try {
            return clients.of(request);
        } catch (RuntimeException e) {
            LOG.error("Who asks could not be told, so this request is not limited by it", e);
            return null;
        }
    }

    // ---- how it goes ---------------------------------------------------------------------------------------------

    /**
     * Returns what happened so far; also a bean of this handler.
     *
     * @return the counters, which go on counting
     */
    public PaymentStatistics statistics() {
        return statistics;
    }

    /**
     * Tells whether payments by every method can be taken now. False while no signing key may be used or this node's clock
     * is off by more than 2 seconds, so that nothing is offered, and while the keys of a wallet service or the directory of
     * the issuer of tokens are missing or too old; payments by other methods go on meanwhile.
     *
     * @return for a health check
     */
    @ManagedAttribute("whether payments by every method can be taken now")
    public boolean isReady() {
        Collecting running = collecting;
        TokenRedeeming redeemer = redeeming;
        ClockWatch watch = clockWatch;
        return isStarted()
                && canSign()
                && (watch == null || watch.isInTime())
                && (running == null || running.isReady())
                && (tokens == null || tokens.issuer().directory().isPresent())
                && (redeemer == null || redeemer.isReady());
    }

    private boolean canSign() {
        Supplier<GateKeys> signing = keys;
        return signing != null && signing.get().signingAt(clock.instant()).isPresent();
    }

    /**
     * Returns how many signed challenges lie ready for busy pages.
     *
     * @return the number now
     */
    @ManagedAttribute("challenges that lie ready")
    public int getPreparedChallenges() {
        PaymentGate open = gate;
        return open == null ? 0 : open.prepared();
    }

    /**
     * Returns how many charges are under way.
     *
     * @return the number now
     */
    @ManagedAttribute("charges under way")
    public int getRunning() {
        PaymentGate open = gate;
        return open == null ? 0 : open.running();
    }
}
