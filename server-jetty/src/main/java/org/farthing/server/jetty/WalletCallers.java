package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who calls a wallet route (specification: wallet-request.md, F-WR-1 to F-WR-7): a wallet by one of its keys, where allowed
 * by its recovery key, or a payee by a key it publishes. Every failure is one and the same 401, an unknown caller included, and
 * an unknown caller costs a signature check too (T53). Request ids are used up in the ledger, only after the signature verified,
 * and each caller has a budget of requests (T40, T41). While the ledger cannot record an id, nobody is let in (F-WR-22).
 */
final class WalletCallers {

    private static final Logger LOG = LoggerFactory.getLogger(WalletCallers.class);

    /** How long after its {@code exp} a request's id is remembered (F-WR-5). */
    private static final Duration REMEMBER = Duration.ofSeconds(60);

    private static final int MOST_KEYS = 50_000;

    /** No wallet: registered ids have 22 characters. */
    private static final String NOBODY = "w_nobody";

    private final Origin origin;
    private final Ledger ledger;
    private final InstantSource clock;
    private final RateBudget requests;
    private final RateBudget payments;
    private final RateBudget collecting;

    private final Decoys decoys = new Decoys();

    /**
     * How many requests in a minute.
     *
     * @param requests of a wallet, at its own routes
     * @param payments of a wallet, to pay and to ask about payments
     * @param collecting of a payee
     */
    record Budgets(int requests, int payments, int collecting) {}

    /**
     * Who signed for a wallet.
     *
     * @param wallet the wallet
     * @param recovery whether it was the recovery key, which may change settings and cannot pay
     */
    record Caller(Wallet wallet, boolean recovery) {}

    WalletCallers(Origin origin, Ledger ledger, InstantSource clock, Budgets budgets) {
        this.origin = origin;
        this.ledger = ledger;
        this.clock = clock;
        this.requests = budget(budgets.requests());
        this.payments = budget(budgets.payments());
        this.collecting = budget(budgets.collecting());
    }

    private RateBudget budget(int perMinute) {
        return new RateBudget(perMinute, Duration.ofMinutes(1), MOST_KEYS, clock);
    }

    /** The wallet of the path, if a key of it signed this very request; the stage fails with {@link Refusal} if not. */
    CompletionStage<Wallet> owner(String walletId, Request request, byte[] body) {
        WalletRequest token = token(request);
        return wallet(walletId, token, request, body, false, requests).thenApply(Caller::wallet);
    }

    /** The same, and the wallet's recovery key will do, too. */
    CompletionStage<Caller> ownerOrRecovery(String walletId, Request request, byte[] body) {
        WalletRequest token = token(request);
        return wallet(walletId, token, request, body, true, requests);
    }

    /** The wallet that the request says it comes from, where the path names none. */
    CompletionStage<Wallet> payer(Request request, byte[] body) {
        WalletRequest token = token(request);
        return wallet(token.issuer(), token, request, body, false, payments).thenApply(Caller::wallet);
    }

    private CompletionStage<Caller> wallet(
            String walletId,
            WalletRequest token,
            Request request,
            byte[] body,
            boolean recoveryToo,
            RateBudget budget) {
        // A payee's origin is no wallet's id, and is looked up like an unknown one.
        return ledger.wallet(WalletId.isWalletId(walletId) ? walletId : NOBODY).thenCompose(found -> {
            Optional<WalletKey> own = found.flatMap(wallet -> wallet.key(token.kid()));
            Optional<WalletKey> recovery = found.map(Wallet::recovery)
                    .filter(key -> recoveryToo && key.thumbprint().equals(token.kid()));
            Optional<VerificationKey> key = own.or(() -> recovery).map(WalletCallers::stored);
            boolean holds =
                    verifies(token, key.orElseGet(() -> decoys.of(token.kid(), Algorithm.ED25519)), request, body);
            if (found.isEmpty() || key.isEmpty() || !holds || !token.issuer().equals(walletId)) {
                throw unauthenticated();
            }
            take(token, budget);
            return use(token).thenApply(used -> new Caller(found.get(), own.isEmpty()));
        });
    }

    /** The payee that the request says it comes from, if a key it publishes signed this very request. */
    CompletionStage<PayeeRegistry.Registered> payee(PayeeRegistry payees, Request request, byte[] body) {
        WalletRequest token = token(request);
        return payees.find(token.issuer()).thenCompose(found -> {
            boolean unknownKey = found.isPresent() && !lists(found.get(), token);
            return (unknownKey
                            ? payees.again(found.get()).thenApply(Optional::of)
                            : CompletableFuture.completedStage(found))
                    .thenCompose(current -> signer(current, token, request, body));
        });
    }

    private static boolean lists(PayeeRegistry.Registered payee, WalletRequest token) {
        return payee.keys().keys().stream().anyMatch(key -> key.kid().equals(token.kid()));
    }

    private CompletionStage<PayeeRegistry.Registered> signer(
            Optional<PayeeRegistry.Registered> found, WalletRequest token, Request request, byte[] body) {
        Optional<VerificationKey> key = found.flatMap(payee -> usable(payee, token));
        boolean holds = verifies(token, key.orElseGet(() -> decoys.of(token.kid(), Algorithm.ED25519)), request, body);
        if (found.isEmpty() || key.isEmpty() || !holds) {
            throw unauthenticated();
        }
        take(token, collecting);
        return use(token).thenApply(used -> found.get());
    }

    private Optional<VerificationKey> usable(PayeeRegistry.Registered payee, WalletRequest token) {
        try {
            return Optional.of(payee.keys().select(token.kid(), ArtifactType.WALLET_REQUEST, clock.instant()));
        } catch (SignatureRejectedException e) {
            LOG.debug("A key of payee {} does not count: {}", payee.payee().origin(), e.reason());
            return Optional.empty();
        }
    }

    /**
     * Demands that the request is signed by the very key it wants to register, for the wallet that follows from it. Its id is not
     * used up yet: anybody can make such keys, so the caller does it, by {@link #use}, when that is within a limit.
     */
    WalletRequest self(VerificationKey key, Request request, byte[] body) {
        WalletRequest token = token(request);
        boolean holds = verifies(token, key, request, body);
        if (!holds || !token.kid().equals(key.thumbprint()) || !token.issuer().equals(WalletId.of(key))) {
            throw unauthenticated();
        }
        take(token, requests);
        return token;
    }

    /** The one answer to everybody who is not who they should be. */
    static Refusal unauthenticated() {
        return new Refusal(Problem.of(
                ProblemType.UNAUTHENTICATED,
                "This needs a request signed by a key of the caller, made for it just now."));
    }

    private static WalletRequest token(Request request) {
        String text = BearerField.token(request.getHeaders()).orElseThrow(WalletCallers::unauthenticated);
        try {
            return WalletRequest.parse(text);
        } catch (MalformedException e) {
            throw unauthenticated();
        }
    }

    private boolean verifies(WalletRequest token, VerificationKey key, Request request, byte[] body) {
        HttpURI uri = request.getHttpURI();
        RequestTarget received = RequestTarget.of(request.getMethod(), origin, uri.getPath(), uri.getQuery());
        try {
            token.verify(key, origin, received, body, clock.instant());
            return true;
        } catch (SignatureRejectedException e) {
            LOG.debug("Wallet request refused ({}): request {}", e.reason(), RequestId.of(request));
            if (e.reason() == Reason.WRONG_ALGORITHM) {
                // No signature was checked yet. Check one, or the time would tell which algorithm a wallet has.
                decoys.check(token, key.algorithm(), origin, received, body, clock.instant());
            }
            return false;
        }
    }

    private static void take(WalletRequest token, RateBudget budget) {
        Duration wait = budget.take(token.issuer());
        if (!wait.isZero()) {
            throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "This caller asks too often.", wait);
        }
    }

    /** Uses the request's id up; the stage fails with the one answer if that was done before, here or at another node. */
    CompletionStage<WalletRequest> use(WalletRequest token) {
        return ledger.requestIds()
                .use(token.issuer(), token.tokenId(), token.expiresAt().plus(REMEMBER))
                .thenApply(first -> {
                    if (!first) {
                        throw unauthenticated();
                    }
                    return token;
                });
    }

    private static VerificationKey stored(WalletKey key) {
        try {
            return VerificationKey.parse(key.jwk());
        } catch (MalformedException e) {
            throw new IllegalStateException("The ledger holds a wallet key that does not parse.", e);
        }
    }
}
