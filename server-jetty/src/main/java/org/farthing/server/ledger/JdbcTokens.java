package org.farthing.server.ledger;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** The books of tokens on the ledger's lanes. */
final class JdbcTokens implements TokenBooks {

    /** Its own place in the queue, so that it has its turn whatever payers do. */
    private static final String KEY = "tokens";

    private final Writers writer;
    private final Lane lookups;
    private final TokenReports reports;
    private final TokenUploads uploads;

    /** What remote issuers must redeem. */
    private static final class Uploads extends JdbcErrands<TokenUpload, UploadAnswer> implements TokenUploads {

        Uploads(Writers writer) {
            super(writer, KEY, UploadSteps.INSTANCE);
        }
    }

    JdbcTokens(Writers writer, Lane lookups, TokenReports reports) {
        this.writer = writer;
        this.lookups = lookups;
        this.reports = reports;
        this.uploads = new Uploads(writer);
    }

    // ---- keys

    @Override
    public CompletionStage<KeyResult> openKey(TokenKeyTerms terms) {
        return writer.submit(KEY, TokenKeys.open(terms));
    }

    @Override
    public CompletionStage<Boolean> closeKey(String keyId, String reason) {
        return writer.submitFirst(KEY, TokenKeys.close(keyId, Arguments.text("reason", reason, 200)));
    }

    @Override
    public CompletionStage<List<TokenKeyState>> keys() {
        return reports.keys();
    }

    @Override
    public CompletionStage<List<Solvency>> solvency() {
        return reports.solvency();
    }

    @Override
    public CompletionStage<UsedSlice> used(String issuer, @Nullable TokenPlace after, int limit) {
        return reports.used(issuer, after, limit);
    }

    // ---- messages and tokens

    @Override
    public CompletionStage<Set<Integer>> issued(List<IssuedMessage> messages) {
        List<IssuedMessage> asked = List.copyOf(Arguments.atMostAThousand(messages));
        return lookups.submit(FairQueue.NOBODY, (session, now) -> {
            List<Integer> known = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                IssuedMessage message = asked.get(i);
                if (session.exists(TokenSql.ISSUED_FOR, message.keyId(), message.message())) {
                    known.add(i);
                }
            }
            return Step.discard(new LinkedHashSet<>(known));
        });
    }

    @Override
    public CompletionStage<SwapResult> swap(SwapRequest request) {
        return writer.submit(request.owner(), Swaps.swap(request));
    }

    @Override
    public CompletionStage<SwapResult> recall(SwapRequest request, List<IssuedMessage> opened) {
        return writer.submit(request.owner(), Swaps.recall(request, Issuance.different(opened)));
    }

    @Override
    public CompletionStage<ForwardResult> claimForSwap(String issuer, String exchange, List<UsedToken> in) {
        Arguments.text("issuer", issuer, 300);
        Arguments.id("exchange", exchange, 64);
        return writer.submit(exchange, Swaps.forward(issuer, exchange, SwapRequest.different(in)));
    }

    @Override
    public CompletionStage<Boolean> refuseSwap(String issuer, String exchange, int attempt, List<UsedToken> spent) {
        Arguments.text("issuer", issuer, 300);
        Arguments.id("exchange", exchange, 64);
        List<UsedToken> kept = spent.isEmpty() ? List.of() : SwapRequest.different(spent);
        return writer.submit(exchange, Swaps.refuse(issuer, exchange, attempt, kept));
    }

    @Override
    public CompletionStage<RedeemResult> redeem(String issuer, String origin, List<UsedToken> tokens) {
        Arguments.text("issuer", issuer, 300);
        Arguments.text("origin", origin, 300);
        return writer.submit(origin, Redemptions.redeem(issuer, origin, SwapRequest.different(tokens)));
    }

    @Override
    public CompletionStage<RedeemResult> redeemedBefore(String issuer, String origin, List<UsedToken> tokens) {
        return lookups.submit(FairQueue.NOBODY, Redemptions.before(issuer, origin, SwapRequest.different(tokens)));
    }

    @Override
    public CompletionStage<Optional<Long>> refundDue(String challengeId, String credentialHash) {
        return lookups.submit(challengeId, TokenRefunds.due(challengeId, credentialHash));
    }

    @Override
    public CompletionStage<RefundDue> refundTokens(
            String challengeId, String credentialHash, List<IssuedMessage> messages) {
        return writer.submit(
                challengeId, TokenRefunds.handOut(challengeId, credentialHash, Issuance.different(messages)));
    }

    // ---- uploads

    @Override
    public TokenUploads uploads() {
        return uploads;
    }

    @Override
    public CompletionStage<List<UploadStatus>> uploadStatus() {
        return reports.uploadStatus();
    }

    @Override
    public CompletionStage<List<TokenUpload>> uploadItems(TokenUpload.@Nullable State state, long after, int limit) {
        return reports.uploadItems(state, after, limit);
    }
}
