package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Reserved.WalletUnusable;
import org.jspecify.annotations.Nullable;

/** The vouched payments on the ledger's lanes. */
final class JdbcPayments implements ServicePayments {

    private final Claims claims;
    private final WalletCache wallets;
    private final Writers writer;
    private final Lane lookups;
    private final Lane reports;

    JdbcPayments(Claims claims, WalletCache wallets, Writers writer, Lane lookups, Lane reports) {
        this.claims = claims;
        this.wallets = wallets;
        this.writer = writer;
        this.lookups = lookups;
        this.reports = reports;
    }

    @Override
    public CompletionStage<Vouched> hold(PaymentHold request) {
        return writer.submit(request.wallet(), PaymentSteps.hold(claims, request))
                .thenApply(vouched -> {
                    if (vouched instanceof Vouched.Refused refused && refused.why() instanceof WalletUnusable) {
                        wallets.forget(request.wallet());
                    }
                    return vouched;
                });
    }

    @Override
    public CompletionStage<List<VouchedPayment>> find(String wallet, String challengeId) {
        return lookups.submit(wallet, PaymentSteps.find(wallet, challengeId));
    }

    @Override
    public CompletionStage<List<SettleResult>> settle(String recipient, List<SettleItem> items) {
        return items.isEmpty()
                ? CompletableFuture.completedStage(List.of())
                : writer.submitAlone(recipient, Collecting.settle(recipient, Arguments.atMostAThousand(items)));
    }

    @Override
    public CompletionStage<PayerRelease> releaseByPayer(String wallet, String recipient, String challengeId) {
        return writer.submit(wallet, PaymentSteps.releaseByPayer(wallet, recipient, challengeId));
    }

    @Override
    public CompletionStage<PaymentRefund> refund(
            String recipient, String tokenId, long amount, String idempotencyKey, String reason) {
        Arguments.positiveAmount("amount", amount);
        Arguments.text("idempotencyKey", idempotencyKey, 128);
        Arguments.text("reason", reason, 200);
        return writer.submit(recipient, PaymentSteps.refund(recipient, tokenId, amount, idempotencyKey, reason));
    }

    @Override
    public CompletionStage<PaymentSlice> list(String recipient, @Nullable Long after, int limit) {
        return reports.submit(FairQueue.NOBODY, PaymentSteps.list(recipient, after, Arguments.limit(limit)));
    }
}
