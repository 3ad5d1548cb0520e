package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
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
 * Says who calls a wallet route (specification: wallet-request.md, F-WR-1 to F-WR-7). Every failure is one and the same 401,
 * an unknown wallet included, and an unknown wallet costs a signature check too (T53). Request ids are recorded only after
 * the signature verified, and each wallet has a budget of requests (T40, T41).
 */
final class WalletCallers {

    private static final Logger LOG = LoggerFactory.getLogger(WalletCallers.class);

    /** {@code exp} is at most 60 s after {@code iat}, {@code iat} at most 30 s ahead; and 60 s more by F-WR-5. */
    private static final Duration REMEMBER = Duration.ofSeconds(150);

    private static final int MOST_IDS = 200_000;
    private static final int MOST_KEYS = 50_000;

    private final Origin origin;
    private final Ledger ledger;
    private final InstantSource clock;
    private final SingleUse used;
    private final RateBudget requests;

    private final Decoys decoys = new Decoys();

    WalletCallers(Origin origin, Ledger ledger, InstantSource clock, int requestsPerMinute) {
        this.origin = origin;
        this.ledger = ledger;
        this.clock = clock;
        this.used = new SingleUse(REMEMBER, MOST_IDS, clock);
        this.requests = new RateBudget(requestsPerMinute, Duration.ofMinutes(1), MOST_KEYS, clock);
    }

    /** The wallet of the path, if a key of it signed this very request; the stage fails with {@link Refusal} if not. */
    CompletionStage<Wallet> owner(String walletId, Request request, byte[] body) {
        WalletRequest token = token(request);
        return ledger.wallet(walletId).thenApply(found -> {
            Optional<VerificationKey> key =
                    found.flatMap(wallet -> wallet.key(token.kid())).map(WalletCallers::stored);
            boolean holds =
                    verifies(token, key.orElseGet(() -> decoys.of(token.kid(), Algorithm.ED25519)), request, body);
            if (found.isEmpty() || key.isEmpty() || !holds || !token.issuer().equals(walletId)) {
                throw unauthenticated();
            }
            admit(token);
            return found.get();
        });
    }

    /** Demands that the request is signed by the very key it wants to register, for the wallet that follows from it. */
    void self(VerificationKey key, Request request, byte[] body) {
        WalletRequest token = token(request);
        boolean holds = verifies(token, key, request, body);
        if (!holds || !token.kid().equals(key.thumbprint()) || !token.issuer().equals(WalletId.of(key))) {
            throw unauthenticated();
        }
        admit(token);
    }

    /** The one answer to everybody who is not who they should be. */
    static Refusal unauthenticated() {
        return new Refusal(Problem.of(
                ProblemType.UNAUTHENTICATED,
                "This needs a request signed by a key of the wallet, made for it just now."));
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

    private void admit(WalletRequest token) {
        Duration wait = requests.take(token.issuer());
        if (!wait.isZero()) {
            throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "This wallet asks too often.", wait);
        }
        switch (used.admit(token.issuer() + ' ' + token.tokenId())) {
            case FIRST -> {}
            case AGAIN -> throw unauthenticated();
            case FULL ->
                throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "Too many wallet requests at the moment.", REMEMBER);
        }
    }

    private static VerificationKey stored(WalletKey key) {
        try {
            return VerificationKey.parse(key.jwk());
        } catch (MalformedException e) {
            throw new IllegalStateException("The ledger holds a wallet key that does not parse.", e);
        }
    }
}
