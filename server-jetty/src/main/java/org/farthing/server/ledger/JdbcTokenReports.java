package org.farthing.server.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** The reading side of the books of tokens, on the lane of the reports. */
final class JdbcTokenReports implements TokenReports {

    private static final int MOST_USED = 5000;

    private final Lane reports;

    JdbcTokenReports(Lane reports) {
        this.reports = reports;
    }

    @Override
    public CompletionStage<List<TokenKeyState>> keys() {
        return reports.submit(FairQueue.NOBODY, TokenKeys.all());
    }

    @Override
    public CompletionStage<List<Solvency>> solvency() {
        return reports.submit(
                FairQueue.NOBODY,
                (session, now) -> Step.discard(session.all(
                        TokenSql.SOLVENCY,
                        row -> new Solvency(row.getString("key_id"), row.getLong("issued"), row.getLong("used")))));
    }

    @Override
    public CompletionStage<UsedSlice> used(String issuer, @Nullable TokenPlace after, int limit) {
        if (limit < 1 || limit > MOST_USED) {
            throw new IllegalArgumentException("limit must be 1 to " + MOST_USED + ", it is " + limit);
        }
        return reports.submit(FairQueue.NOBODY, UsedTokens.after(issuer, after, limit));
    }

    @Override
    public CompletionStage<List<UploadStatus>> uploadStatus() {
        return reports.submit(FairQueue.NOBODY, UploadSteps.status());
    }

    @Override
    public CompletionStage<List<TokenUpload>> uploadItems(TokenUpload.@Nullable State state, long after, int limit) {
        return reports.submit(FairQueue.NOBODY, UploadSteps.items(state, after, Arguments.limit(limit)));
    }
}
