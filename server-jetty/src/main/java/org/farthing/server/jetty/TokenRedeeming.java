package org.farthing.server.jetty;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.server.collect.SignedServiceCalls;
import org.farthing.server.collect.SignedTokenCalls;
import org.farthing.server.collect.TokenCalls;
import org.farthing.server.collect.TokenCourier;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.gate.Timers;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.UploadStatus;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.RemoteIssuer;
import org.jspecify.annotations.Nullable;

/**
 * What a payment handler does beside its requests where it takes the tokens of an issuer elsewhere: keeps its directory fresh,
 * presents what was taken, and passes exchanges on. It lives as long as the handler.
 */
final class TokenRedeeming extends AbstractLifeCycle {

    /** How long passing a swap on can take. */
    static final Duration LONGEST_CALL = SignedServiceCalls.TIMEOUT;

    /** When a directory is asked for again that could not be had. */
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final RemoteTokens settings;
    private final TokenLinks links;
    private final Timers timers;
    private final RemoteIssuer issuer;
    private final TokenCourier courier;
    private final SwapForwarding swaps;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Timers.@Nullable Timer refresh;
    private boolean presenting;
    private volatile boolean known;
    private Runnable whenKnown = () -> {};

    TokenRedeeming(
            RemoteTokens settings,
            TokenLinks links,
            List<Origin> payees,
            Ledger ledger,
            Timers timers,
            InstantSource clock,
            PaymentEvents events) {
        this.settings = settings;
        this.links = links;
        this.timers = timers;
        RemoteIssuer.Trust trust = new RemoteIssuer.Trust(settings.exposure(), settings.directoryAge());
        this.issuer = new RemoteIssuer(settings.issuer(), links.directories(), trust, ledger.tokens(), clock);
        TokenCalls calls = links.calls()
                .apply(new SignedTokenCalls.Routes(
                        origin -> link(origin, IssuerLinks::redemption), origin -> link(origin, IssuerLinks::swap)));
        this.courier = new TokenCourier(
                ledger.tokens(),
                calls,
                new TokenCourier.Rest(settings.uploadEvery(), this::isPressing),
                timers,
                clock,
                events);
        this.swaps = new SwapForwarding(issuer, payees, ledger.tokens(), calls, clock);
    }

    private Optional<URI> link(Origin origin, Function<IssuerLinks, String> which) {
        return origin.equals(issuer.origin()) ? issuer.link(which) : Optional.empty();
    }

    /** Half of the trust is used up (F-TK-110). */
    private boolean isPressing(UploadStatus status) {
        long limit = settings.exposure().baseUnits(new CurrencyId(status.currency()), Amount.ZERO);
        return status.open() >= limit / 2;
    }

    /** What tokens are accepted by. */
    AcceptedTokens accepted() {
        return new AcceptedTokens(issuer, settings.maxTokens(), settings.keepsOverpay(), false);
    }

    SwapForwarding swaps() {
        return swaps;
    }

    /** Sets what is done once the first directory is there; before the start. */
    void whenKnown(Runnable task) {
        whenKnown = task;
    }

    /** Tells whether tokens can be verified now. */
    boolean isReady() {
        return issuer.directory().isPresent();
    }

    /** Frees what was opened for a handler that then did not start. */
    void discard() {
        if (closed.compareAndSet(false, true)) {
            links.close().run();
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        refresh();
    }

    @Override
    protected void doStop() throws Exception {
        courier.close();
        synchronized (this) {
            if (refresh != null) {
                refresh.cancel();
                refresh = null;
            }
            presenting = false;
        }
        discard();
        super.doStop();
    }

    /** Nothing is presented before it is known where to, if that can be known. */
    private void refresh() {
        issuer.refresh().thenAccept(fresh -> {
            again(fresh ? issuer.refreshIn() : TRY_AGAIN);
            begin();
            if (fresh && !known) {
                known = true;
                whenKnown.run();
            }
        });
    }

    private synchronized void begin() {
        if (!presenting && (isStarting() || isStarted())) {
            presenting = true;
            courier.start();
        }
    }

    private synchronized void again(Duration wait) {
        if (isStarting() || isStarted()) {
            refresh = timers.after(wait, this::refresh);
        }
    }
}
