package org.farthing.server.jetty;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.protocol.wallet.WalletOpening;
import org.farthing.protocol.wallet.WalletRequest;
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
 * Opens wallets, shows them and tops them up (specification: wallets.md, F-WA-20 to F-WA-30). Asynchronous: a stage completes
 * when the ledger has answered, and fails with {@link Refusal} where a problem is the answer.
 */
final class WalletAccounts {

    private static final Logger LOG = LoggerFactory.getLogger(WalletAccounts.class);

    /** What the ledger takes. */
    private static final int MOST_LIMITS = 16;

    private final Ledger ledger;
    private final WalletCallers callers;
    private final Administrator admin;
    private final RateBudget registrations;
    private final Map<String, Money> dailyLimits;

    WalletAccounts(
            Ledger ledger,
            WalletCallers callers,
            Administrator admin,
            RateBudget registrations,
            Map<String, Money> dailyLimits) {
        this.ledger = ledger;
        this.callers = callers;
        this.admin = admin;
        this.registrations = registrations;
        this.dailyLimits = Map.copyOf(dailyLimits);
    }

    CompletionStage<JsonReply> open(Request request, byte[] body) {
        WalletOpening opening = WalletBodies.read(body, WalletOpening::parse);
        if (opening.dailyLimits().size() > MOST_LIMITS) {
            throw new Refusal(
                    Problem.of(ProblemType.BAD_REQUEST, "A wallet has at most " + MOST_LIMITS + " daily limits here."));
        }
        WalletRequest token = callers.self(opening.key(), request, body);
        String id = WalletId.of(opening.key());
        return ledger.wallet(id)
                .thenCompose(known -> known.isPresent()
                        ? callers.use(token).thenCompose(used -> shown(200, known.get()))
                        : register(id, opening, token, request));
    }

    private CompletionStage<JsonReply> register(
            String id, WalletOpening opening, WalletRequest token, Request request) {
        String prefix = AddressPrefix.of(request.getConnectionMetaData().getRemoteSocketAddress());
        Duration wait = registrations.take(prefix);
        if (!wait.isZero()) {
            throw Refusal.waitFirst(ProblemType.RATE_LIMITED, "Too many wallets were opened from this network.", wait);
        }
        return callers.use(token)
                .thenCompose(used -> ledger.register(registration(id, opening)))
                .thenCompose(result -> registered(id, result, prefix, request));
    }

    private CompletionStage<JsonReply> registered(String id, WalletResult result, String prefix, Request request) {
        if (result instanceof WalletResult.Changed opened) {
            LOG.info("Wallet {} opened, request {}", id, RequestId.of(request));
            return shown(201, opened.wallet());
        }
        registrations.giveBack(prefix);
        if (result instanceof WalletResult.Unchanged known) {
            return shown(200, known.wallet());
        }
        throw new Refusal(Problem.of(ProblemType.NOT_ALLOWED, "This key cannot open a wallet: another wallet has it."));
    }

    private WalletRegistration registration(String id, WalletOpening opening) {
        Map<String, String> limits = new TreeMap<>();
        dailyLimits.forEach((code, limit) -> limits.put(code, limit.value().toPlainString()));
        for (Money limit : opening.dailyLimits()) {
            limits.put(limit.code(), limit.value().toPlainString());
        }
        VerificationKey recovery = opening.recovery();
        return new WalletRegistration(
                id, stored(opening.key()), recovery == null ? null : stored(recovery), Map.copyOf(limits));
    }

    /** A key as the ledger keeps it. */
    static WalletKey stored(VerificationKey key) {
        return new WalletKey(key.thumbprint(), CanonicalJson.write(key.toJwk()));
    }

    CompletionStage<JsonReply> show(String walletId, Request request, byte[] body) {
        return callers.owner(walletId, request, body).thenCompose(wallet -> shown(200, wallet));
    }

    /** The wallet as it is, with accounts and limits. */
    CompletionStage<JsonReply> shown(int status, Wallet wallet) {
        return ledger.accounts(wallet.id())
                .thenCombine(
                        ledger.limits(wallet.id()),
                        (accounts, limits) -> new JsonReply(status, WalletJson.wallet(wallet, accounts, limits)));
    }

    CompletionStage<JsonReply> statement(String walletId, Request request, byte[] body) {
        return callers.owner(walletId, request, body).thenCompose(wallet -> {
            StatementPage page = StatementPage.of(request.getHttpURI().getQuery());
            return ledger.statement(walletId, page.cursor(), page.limit())
                    .thenApply(statement -> new JsonReply(200, WalletJson.statement(walletId, statement)));
        });
    }

    CompletionStage<JsonReply> topUp(String wallet, Request request, byte[] body) {
        admin.require(request);
        TopUp order = WalletBodies.topUp(wallet, body);
        return ledger.topUp(order).thenCompose(result -> {
            if (result instanceof TopUpResult.Credited credited) {
                LOG.info(
                        "Wallet {} topped up by {} {}, request {}",
                        wallet,
                        order.amount(),
                        order.currency(),
                        RequestId.of(request));
                return JsonReply.stage(201, WalletJson.credited(wallet, credited.account()));
            }
            if (result instanceof TopUpResult.Repeated repeated) {
                return JsonReply.stage(200, WalletJson.credited(wallet, repeated.account()));
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
}
