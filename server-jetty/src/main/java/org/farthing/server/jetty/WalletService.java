package org.farthing.server.jetty;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.TopUpResult;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.WalletResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the wallet routes do (specification: wallets.md, F-WA-20 to F-WA-28). Asynchronous: a stage completes when the ledger
 * has answered, and fails with {@link Refusal} where a problem is the answer.
 */
final class WalletService {

    private static final Logger LOG = LoggerFactory.getLogger(WalletService.class);

    private final Ledger ledger;
    private final WalletCallers callers;
    private final Optional<AdminBearer> admin;
    private final RateBudget registrations;

    WalletService(Ledger ledger, WalletCallers callers, Optional<AdminBearer> admin, RateBudget registrations) {
        this.ledger = ledger;
        this.callers = callers;
        this.admin = admin;
        this.registrations = registrations;
    }

    /** An answer that is no refusal. */
    record Reply(int status, String json) {}

    CompletionStage<Reply> serve(WalletRoute route, Request request, byte[] body) {
        return switch (route.kind()) {
            case OPEN -> open(request, body);
            case SHOW -> callers.owner(route.wallet(), request, body).thenCompose(wallet -> shown(200, wallet));
            case STATEMENT ->
                callers.owner(route.wallet(), request, body)
                        .thenCompose(wallet -> statement(
                                wallet, StatementPage.of(request.getHttpURI().getQuery())));
            case TOP_UP -> topUp(route.wallet(), request, body);
        };
    }

    private CompletionStage<Reply> open(Request request, byte[] body) {
        VerificationKey key = WalletBodies.registration(body);
        callers.self(key, request, body);
        String id = WalletId.of(key);
        return ledger.wallet(id)
                .thenCompose(known -> known.isPresent() ? shown(200, known.get()) : register(id, key, request));
    }

    private CompletionStage<Reply> register(String id, VerificationKey key, Request request) {
        String prefix = AddressPrefix.of(request.getConnectionMetaData().getRemoteSocketAddress());
        Duration wait = registrations.take(prefix);
        if (!wait.isZero()) {
            throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "Too many wallets were opened from this network.", wait);
        }
        WalletKey first = new WalletKey(key.thumbprint(), CanonicalJson.write(key.toJwk()));
        return ledger.register(new WalletRegistration(id, first)).thenCompose(result -> {
            if (result instanceof WalletResult.Changed opened) {
                LOG.info("Wallet {} opened, request {}", id, RequestId.of(request));
                return shown(201, opened.wallet());
            }
            registrations.giveBack(prefix);
            if (result instanceof WalletResult.Unchanged known) {
                return shown(200, known.wallet());
            }
            throw new Refusal(
                    Problem.of(ProblemType.NOT_ALLOWED, "This key cannot open a wallet: another wallet has it."));
        });
    }

    private CompletionStage<Reply> shown(int status, Wallet wallet) {
        return ledger.accounts(wallet.id())
                .thenApply(accounts -> new Reply(status, WalletJson.wallet(wallet, accounts)));
    }

    private CompletionStage<Reply> statement(Wallet wallet, StatementPage page) {
        return ledger.statement(wallet.id(), page.cursor(), page.limit())
                .thenApply(statement -> new Reply(200, WalletJson.statement(wallet.id(), statement)));
    }

    private CompletionStage<Reply> topUp(String wallet, Request request, byte[] body) {
        Optional<String> presented = BearerField.token(request.getHeaders());
        if (admin.isEmpty() || presented.isEmpty() || !admin.get().matches(presented.get())) {
            throw new Refusal(Problem.of(ProblemType.UNAUTHENTICATED, "This needs the administrator's bearer."));
        }
        TopUp order = WalletBodies.topUp(wallet, body);
        return ledger.topUp(order).thenCompose(result -> {
            if (result instanceof TopUpResult.Credited credited) {
                LOG.info(
                        "Wallet {} topped up by {} {}, request {}",
                        wallet,
                        order.amount(),
                        order.currency(),
                        RequestId.of(request));
                return reply(201, WalletJson.credited(wallet, credited.account()));
            }
            if (result instanceof TopUpResult.Repeated repeated) {
                return reply(200, WalletJson.credited(wallet, repeated.account()));
            }
            throw new Refusal(problem(result));
        });
    }

    private static Problem problem(TopUpResult result) {
        if (result instanceof TopUpResult.KeyConflict) {
            return Problem.of(
                    ProblemType.IDEMPOTENCY_CONFLICT,
                    "This idempotencyKey was used for another amount or currency; nothing moved.");
        }
        if (result instanceof TopUpResult.TooMuch) {
            return Problem.of(
                    ProblemType.BAD_REQUEST, "The account would hold more than an amount can say; nothing moved.");
        }
        return Problem.of(ProblemType.NOT_FOUND, "There is no such wallet.");
    }

    private static CompletionStage<Reply> reply(int status, String json) {
        return CompletableFuture.completedStage(new Reply(status, json));
    }
}
