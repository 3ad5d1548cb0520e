package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Admission;
import org.farthing.server.gate.Patience;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.server.token.AcceptedTokens;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PaymentHandler} is told before it is started, and nothing it does: the setters, each with what is so if it is not
 * called. They throw {@link IllegalStateException} after the start.
 */
abstract class ConfigurableHandler extends Handler.Wrapper {

    /** What was said so far. */
    final HandlerSettings settings = new HandlerSettings();

    ConfigurableHandler(@Nullable Handler handler) {
        super(handler);
    }

    private void requireNotStarted() {
        if (isStarted()) {
            throw new IllegalStateException("configure this handler before it is started");
        }
    }
    /**
     * Adds a public origin requests may be for. Requests for other authorities get 421 on priced paths (F-BI-32).
     *
     * @param origin the origin
     */
    public void addOrigin(Origin origin) {
        requireNotStarted();
        settings.origins.add(origin);
    }

    /**
     * Adds a payment method; the first is offered first.
     *
     * @param method the method
     */
    public void addMethod(PaymentMethod method) {
        requireNotStarted();
        settings.methods.add(method);
    }

    /**
     * Sets what costs what.
     *
     * @param list the prices
     */
    public void setPrices(PriceList list) {
        requireNotStarted();
        settings.prices = list;
    }

    /**
     * Sets where money and claims are. The handler does not close it.
     *
     * @param books the ledger
     */
    public void setLedger(Ledger books) {
        requireNotStarted();
        settings.ledger = books;
    }

    /**
     * Sets what signs challenges, receipts and release statements.
     *
     * @param key a key with the roles {@code challenge}, {@code receipt} and {@code release}
     */
    public void setSigningKey(SigningKey key) {
        requireNotStarted();
        settings.signingKey = key;
    }

    /**
     * Sets what binds challenge ids. Servers that share secrets must share a ledger (F-BI-13).
     *
     * @param ring the secrets
     */
    public void setSecrets(SecretRing ring) {
        requireNotStarted();
        settings.secrets = ring;
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
        settings.keySource = source;
    }

    /**
     * Sets the page where people open and top up wallets.
     *
     * @param url an absolute URL, or null
     */
    public void setWalletUrl(@Nullable String url) {
        requireNotStarted();
        settings.walletUrl = url;
    }

    /**
     * Sets the field credentials come in unless an offer says otherwise, for applications that need {@code Authorization}
     * themselves.
     *
     * @param field the field
     */
    public void setCredentialField(CredentialField field) {
        requireNotStarted();
        settings.credentialField = field;
    }

    /**
     * Sets how long a challenge lives.
     *
     * @param lifetime 1 second to 10 minutes
     */
    public void setChallengeLifetime(Duration lifetime) {
        requireNotStarted();
        settings.challengeLifetime = lifetime;
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
        settings.ledgerDeadline = Patience.checked(most);
    }

    /**
     * Sets who listens to what happens, beside the counters of this handler.
     *
     * @param listener the listener
     */
    public void setEvents(PaymentEvents listener) {
        requireNotStarted();
        settings.events = listener;
    }

    /**
     * Sets who is told to wait, 429: {@link PaymentLimits}, or limits of the application's own. If nothing is said, the defaults
     * of {@link PaymentLimits} hold.
     *
     * @param limits the limits; {@link Admission#ALL} for none
     */
    public void setAdmission(Admission limits) {
        requireNotStarted();
        settings.admission = limits;
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
        settings.demandsTogether = together;
        settings.demandsWaiting = waiting;
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
        settings.preparedChallenges = most;
    }

    /**
     * Sets by what name clients are counted. If nothing is said, by the network their connection comes from, where it is not a
     * proxy's.
     *
     * @param name says who asks
     */
    public void setClientName(ClientName name) {
        requireNotStarted();
        settings.clientName = name;
    }

    /**
     * Sets the clock for challenges and receipts. Holds are timed by the ledger's clock.
     *
     * @param source the clock
     */
    public void setClock(InstantSource source) {
        requireNotStarted();
        settings.clock = source;
    }

    /**
     * Allows plain http on loopback addresses, for development (F-BI-33).
     *
     * @param allowed true in development only
     */
    public void setLoopbackProfile(boolean allowed) {
        requireNotStarted();
        settings.confidentiality = new Confidentiality(allowed, settings.confidentiality.tlsProxy());
    }

    /**
     * Says that a proxy on another machine ends TLS in front of every connector, over a network nobody else is on. A proxy on
     * this machine needs no such word.
     *
     * @param present whether there is one
     */
    public void setTlsProxy(boolean present) {
        requireNotStarted();
        settings.confidentiality = new Confidentiality(settings.confidentiality.loopbackProfile(), present);
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
        settings.requestBodyLimit = bytes;
    }

    /**
     * Lets the application answer {@code OPTIONS} on priced paths. Otherwise this handler answers 204 itself, so that nothing
     * priced leaks (F-SV-22). Preflights of pages are answered here in any case where {@link #setCrossOrigin} names origins.
     *
     * @param pass whether the application gets them
     */
    public void setPassOptions(boolean pass) {
        requireNotStarted();
        settings.passOptions = pass;
    }

    /**
     * Says which web pages of other origins may pay here; none if nothing is said (F-SV-33).
     *
     * @param allowed the origins and what their pages may send and read
     */
    public void setCrossOrigin(CrossOrigin allowed) {
        requireNotStarted();
        settings.crossOrigin = allowed;
    }

    /**
     * Accepts receipts of wallet services, and collects what they owe while this handler is started. Their key documents are
     * fetched then and kept fresh. The key document of this payee must name them as {@code providers}.
     *
     * @param accepted the services and how far they are trusted
     */
    public void setWalletServices(AcceptedServices accepted) {
        requireNotStarted();
        settings.services = accepted;
    }

    /**
     * Accepts blind tokens of an issuer, beside the other methods (specification: token-payment.md).
     *
     * @param accepted which tokens, and how many for one payment; null for none
     */
    public void setTokens(@Nullable AcceptedTokens accepted) {
        requireNotStarted();
        settings.tokens = accepted;
    }

    /**
     * Accepts blind tokens of an issuer that keeps its books elsewhere (specification: token-remote.md). While this handler is
     * started it keeps the issuer's directory fresh, presents what was taken, and serves {@code POST /token-swap}.
     *
     * @param accepted which tokens, and how far the issuer is trusted; null for none
     */
    public void setRemoteTokens(@Nullable RemoteTokens accepted) {
        requireNotStarted();
        settings.remoteTokens = accepted;
    }

    /** Speaks to the issuer of tokens in another way than over the network. */
    void setTokenLinks(TokenLinks other) {
        requireNotStarted();
        settings.tokenLinks = other;
    }

    /** Speaks to wallet services in another way than over the network. */
    void setServiceLinks(ServiceLinks other) {
        requireNotStarted();
        settings.links = other;
    }
}
