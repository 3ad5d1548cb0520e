package org.farthing.server.jetty;

import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.wallet.FreezeChange;
import org.farthing.protocol.wallet.KeyChange;
import org.farthing.protocol.wallet.LimitChange;
import org.farthing.server.jetty.WalletCallers.Caller;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.WalletResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the owner of a wallet decides about it: daily limits, freezing, keys (specification: wallets.md, F-WA-31 to F-WA-34).
 * Whatever makes the wallet safer, any of its keys may do; whatever undoes that, the recovery key alone. So who steals the key
 * that pays cannot take more than the limit of a day, nor keep the owner out.
 */
final class WalletSettings {

    private static final Logger LOG = LoggerFactory.getLogger(WalletSettings.class);

    private final Ledger ledger;
    private final WalletCallers callers;
    private final WalletAccounts accounts;

    WalletSettings(Ledger ledger, WalletCallers callers, WalletAccounts accounts) {
        this.ledger = ledger;
        this.callers = callers;
        this.accounts = accounts;
    }

    CompletionStage<JsonReply> limits(String wallet, Request request, byte[] body) {
        return callers.ownerOrRecovery(wallet, request, body).thenCompose(caller -> {
            LimitChange change = WalletBodies.read(body, LimitChange::parse);
            Money perDay = change.perDay();
            String number = perDay == null ? null : perDay.value().toPlainString();
            return ledger.setLimit(wallet, change.code(), number, caller.recovery())
                    .thenCompose(result -> answer(
                            result,
                            caller.recovery()
                                    ? Problem.of(ProblemType.BAD_REQUEST, "This wallet cannot have another limit.")
                                    : Problem.of(
                                            ProblemType.NOT_ALLOWED,
                                            "A limit is raised or removed with the recovery key."),
                            request));
        });
    }

    CompletionStage<JsonReply> freeze(String wallet, Request request, byte[] body) {
        return callers.ownerOrRecovery(wallet, request, body).thenCompose(caller -> {
            FreezeChange change = WalletBodies.read(body, FreezeChange::parse);
            if (!change.frozen()) {
                requireRecovery(caller, "A freeze is lifted with the recovery key.");
            }
            return ledger.setFrozen(wallet, change.frozen())
                    .thenCompose(result -> answer(
                            result,
                            Problem.of(ProblemType.BAD_REQUEST, "This wallet cannot be frozen or thawed."),
                            request));
        });
    }

    CompletionStage<JsonReply> keys(String wallet, Request request, byte[] body) {
        return callers.ownerOrRecovery(wallet, request, body).thenCompose(caller -> {
            KeyChange change = WalletBodies.read(body, KeyChange::parse);
            requireRecovery(caller, "Keys are added and revoked with the recovery key.");
            CompletionStage<WalletResult> changed = change instanceof KeyChange.Add add
                    ? ledger.addKey(wallet, WalletAccounts.stored(add.key()))
                    : ledger.revokeKey(wallet, ((KeyChange.Revoke) change).thumbprint());
            return changed.thenCompose(result -> answer(
                    result,
                    Problem.of(
                            ProblemType.BAD_REQUEST,
                            "This key cannot be added or revoked: the last key stays, and one that was revoked, or that"
                                    + " recovers a wallet, never signs for it."),
                    request));
        });
    }

    private static void requireRecovery(Caller caller, String sentence) {
        if (!caller.recovery()) {
            throw new Refusal(Problem.of(ProblemType.NOT_ALLOWED, sentence));
        }
    }

    private CompletionStage<JsonReply> answer(WalletResult result, Problem refused, Request request) {
        if (result instanceof WalletResult.Changed changed) {
            LOG.info(
                    "Wallet {} changed by its owner, request {}",
                    changed.wallet().id(),
                    RequestId.of(request));
            return accounts.shown(200, changed.wallet());
        }
        if (result instanceof WalletResult.Unchanged unchanged) {
            return accounts.shown(200, unchanged.wallet());
        }
        throw new Refusal(refused);
    }
}
