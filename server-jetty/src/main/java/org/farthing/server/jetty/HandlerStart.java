package org.farthing.server.jetty;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Server;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.GateKeys;
import org.farthing.server.gate.Patience;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.Intent;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.BlindTokenMethod;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what runs while a payment handler is started out of what it was told, or says in one sentence why it must not start
 * (specification: server.md, F-SV-50). Starts nothing; what was opened for a start that is refused is closed again.
 */
final class HandlerStart {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    private final HandlerSettings settings;
    private final StartChecks checks;
    private final Supplier<GateKeys> keys;
    private final Server server;
    private final ServerTimers timers;
    private final PaymentEvents events;

    private HandlerStart(
            HandlerSettings settings,
            StartChecks checks,
            Supplier<GateKeys> keys,
            Server server,
            PaymentStatistics statistics) {
        this.settings = settings;
        this.checks = checks;
        this.keys = keys;
        this.server = server;
        this.timers = new ServerTimers(server.getScheduler());
        PaymentEvents counted = statistics::record;
        this.events = counted.and(settings.events);
    }

    /**
     * Checks everything and makes the parts.
     *
     * @param server where the handler is, or null if it is nowhere
     * @param statistics what counts beside the application's listener
     * @throws IllegalStateException if it must not start; the message says what to do
     */
    static HandlerParts of(HandlerSettings settings, @Nullable Server server, PaymentStatistics statistics) {
        StartChecks checks = new StartChecks(
                settings.origins, settings.confidentiality.loopbackProfile(), settings.confidentiality.tlsProxy());
        Supplier<GateKeys> keys = keys(settings, checks);
        checks.checkServices(settings.services, settings.prices);
        if (settings.remoteTokens != null) {
            checks.checkIssuer(settings.remoteTokens, settings.tokens != null, settings.prices);
        }
        if (server == null) {
            throw new IllegalStateException("Set this handler on a server before it is started.");
        }
        return new HandlerStart(settings, checks, keys, server, statistics).parts();
    }

    private static Supplier<GateKeys> keys(HandlerSettings settings, StartChecks checks) {
        Supplier<ServerKeys> changing = settings.keySource;
        if (changing != null) {
            return new HandlerKeys(changing, checks::checkConfiguration);
        }
        SigningKey key = settings.signingKey;
        if (key == null) {
            throw new IllegalStateException("Set the signing key: challenges and receipts must be signed.");
        }
        checks.checkConfiguration(key);
        SecretRing ring = settings.secrets;
        if (ring == null) {
            throw new IllegalStateException("Set the secrets that bind challenges: at least 32 random bytes.");
        }
        GateKeys fixed = GateKeys.of(key, ring);
        return () -> fixed;
    }

    private HandlerParts parts() {
        TokenRedeeming redeemer = redeemer();
        try {
            List<PaymentMethod> charging = charging(redeemer == null ? settings.tokens : redeemer.accepted());
            checkPrices(charging);
            checks.checkConnectors(server);
            return parts(charging, redeemer);
        } catch (RuntimeException e) {
            if (redeemer != null) {
                redeemer.discard();
            }
            throw e;
        }
    }

    private @Nullable TokenRedeeming redeemer() {
        RemoteTokens remote = settings.remoteTokens;
        if (remote == null) {
            return null;
        }
        TokenLinks lines = settings.tokenLinks == null
                ? TokenLinks.open(
                        now -> keys.get().signingAt(now), settings.clock, settings.confidentiality.loopbackProfile())
                : settings.tokenLinks;
        TokenRedeeming redeemer =
                new TokenRedeeming(remote, lines, settings.origins, settings.ledger(), timers, settings.clock, events);
        redeemer.whenKnown(() -> notePrices(charging(redeemer.accepted())));
        return redeemer;
    }

    /** The methods that were added, and tokens. */
    private List<PaymentMethod> charging(@Nullable AcceptedTokens accepted) {
        List<PaymentMethod> all = new ArrayList<>(settings.methods);
        if (accepted != null) {
            all.add(new BlindTokenMethod(accepted, settings.clock));
        }
        return List.copyOf(all);
    }

    private void checkPrices(List<PaymentMethod> charging) {
        Set<String> names = namesOf(charging, method -> true);
        if (!settings.services.origins().isEmpty()) {
            names.add("wallet");
        }
        StartChecks.checkOffers(settings.prices, names, namesOf(charging, PaymentMethod::knowsPayers));
        StartChecks.checkPrices(settings.prices, charging);
    }

    private static Set<String> namesOf(List<PaymentMethod> charging, Predicate<PaymentMethod> which) {
        Set<String> names = new TreeSet<>();
        charging.stream()
                .filter(method -> method.intents().contains(Intent.CHARGE))
                .filter(which)
                .forEach(method -> names.add(method.id().text()));
        return names;
    }

    /** Only with the issuer's directory it can be told which prices its tokens make; by then the handler serves. */
    private void notePrices(List<PaymentMethod> charging) {
        try {
            StartChecks.checkPrices(settings.prices, charging);
        } catch (IllegalStateException e) {
            LOG.error("Tokens are not offered for a price. {}", e.getMessage());
        }
    }

    private HandlerParts parts(List<PaymentMethod> charging, @Nullable TokenRedeeming redeemer) {
        Ledger books = settings.ledger;
        if (books == null) {
            throw new IllegalStateException("Set the ledger: without it nothing can be charged.");
        }
        if (keys.get().signingAt(settings.clock.instant()).isEmpty()) {
            throw new IllegalStateException(
                    "No signing key may be used now: farthing-server keys list shows their times.");
        }
        ClockWatch watch = new ClockWatch(books, timers, settings.clock);
        PaymentGate.Builder builder = builder(books).offersOnlyIf(watch::isInTime);
        charging.forEach(builder::method);
        if (settings.services.origins().isEmpty()) {
            PaymentGate gate = fitting(builder.events(events).build(), charging);
            Collecting.noteUntold(books);
            return parts(gate, watch, null, redeemer);
        }
        ServiceLinks lines = settings.links == null
                ? ServiceLinks.open(
                        now -> keys.get().signingAt(now), settings.clock, settings.confidentiality.loopbackProfile())
                : settings.links;
        try {
            Collecting collector = new Collecting(settings.services, lines, books, timers, settings.clock, events);
            // First, so that a listener that throws does not delay what is owed.
            builder.method(collector.method()).events(collector.and(events));
            return parts(fitting(builder.build(), charging), watch, collector, redeemer);
        } catch (RuntimeException e) {
            lines.close().run();
            throw e;
        }
    }

    private PaymentGate.Builder builder(Ledger books) {
        return PaymentGate.builder(books, keys, timers)
                .clock(settings.clock)
                .credentialField(settings.credentialField)
                .lifetime(settings.challengeLifetime)
                .ledgerDeadline(settings.ledgerDeadline)
                .executor(server.getThreadPool())
                .demands(settings.demandsTogether, settings.demandsWaiting)
                .prepared(settings.preparedChallenges)
                .admission(settings.admission())
                .walletUrl(settings.walletUrl);
    }

    /** The gate whose challenges fit into the answers of every connector. */
    private PaymentGate fitting(PaymentGate built, List<PaymentMethod> charging) {
        new HeaderBudget(List.of(server.getConnectors()), charging).check(built, settings.prices, settings.origins);
        return built;
    }

    private HandlerParts parts(
            PaymentGate gate, ClockWatch watch, @Nullable Collecting collector, @Nullable TokenRedeeming redeemer) {
        return new HandlerParts(
                gate, keys, settings.clock, watch, collector, settings.tokens, redeemer, swaps(redeemer));
    }

    private @Nullable SwapRoute swaps(@Nullable TokenRedeeming redeemer) {
        if (redeemer == null) {
            return null;
        }
        Patience patience = new Patience(timers, settings.ledgerDeadline.plus(TokenRedeeming.LONGEST_CALL));
        return new SwapRoute(redeemer.swaps(), settings.origins, patience, settings.clock);
    }
}
