package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.TokenUpload.State;
import org.jspecify.annotations.Nullable;

/** Keeps tokens of remote issuers, and says how they are presented (F-TK-40 to F-TK-43). */
final class UploadSteps implements ErrandKind<TokenUpload, UploadAnswer> {

    static final UploadSteps INSTANCE = new UploadSteps();

    /** Whom tokens are presented to, and by whom. */
    private record Between(String payee, String issuer) {}

    private UploadSteps() {}

    // ---- written beside a charge's own step

    static void keep(Session session, long use, String payee, TokenAct.Part part, byte[] token, long now)
            throws SQLException {
        int epoch = part.key().epoch();
        String hash = rowHash(use, payee, epoch, part.bytes(), token);
        session.updateOne(TokenSql.INSERT_UPLOAD, use, payee, epoch, part.bytes(), token, hash, now);
    }

    static String rowHash(long use, String payee, int epoch, byte[] serial, byte[] token) {
        return RowHash.of("token_upload", use, payee, epoch, TokenBytes.encode(serial), TokenBytes.encode(token));
    }

    // ---- presented

    /** Tokens of one issuer and payee: those of the one that is due longest. */
    @Override
    public List<TokenUpload> due(Session session, long now, int limit) throws SQLException {
        Between first = session.first(
                TokenSql.FIRST_DUE, row -> new Between(row.getString("payee"), row.getString("issuer")), now);
        return first == null
                ? List.of()
                : session.all(TokenSql.DUE, UploadSteps::upload, now, first.payee(), first.issuer(), limit);
    }

    @Override
    public long seq(TokenUpload upload) {
        return upload.seq();
    }

    @Override
    public TokenUpload leased(TokenUpload upload, long until) {
        return new TokenUpload(
                upload.seq(),
                upload.issuer(),
                upload.payee(),
                upload.used(),
                upload.token(),
                upload.value(),
                upload.currency(),
                upload.redeemUntil(),
                upload.state(),
                upload.attempts() + 1,
                Rows.time(until),
                upload.result());
    }

    @Override
    public String lease() {
        return TokenSql.LEASE;
    }

    @Override
    public String again() {
        return TokenSql.AGAIN;
    }

    @Override
    public long seqOf(UploadAnswer answer) {
        return answer.seq();
    }

    @Override
    public @Nullable Ended end(Session session, UploadAnswer answer) throws SQLException {
        TokenUpload upload = find(session, answer.seq());
        if (upload == null) {
            return null;
        }
        int rows = answer.redeemed()
                ? session.update(TokenSql.REDEEMED, answer.seq())
                : session.update(TokenSql.REFUSED, answer.result(), answer.seq());
        return rows == 0
                ? null
                : new Ended(new Debt(upload.issuer(), upload.currency()), answer.redeemed() ? upload.value() : 0);
    }

    @Override
    public void lower(Session session, Debt debt, long amount) throws SQLException {
        TokenFunds.lower(session, debt.party(), debt.currency(), amount);
    }

    @Override
    public Operation<Boolean> writeOff(long seq, String reason) {
        return (session, now) -> {
            TokenUpload upload = find(session, seq);
            if (upload == null) {
                return Step.discard(false);
            }
            String challengeId = session.first(TokenSql.OWNER_OF_UPLOAD, row -> row.getString(1), seq);
            if (session.update(TokenSql.WRITE_OFF, reason, seq) == 0 || challengeId == null) {
                return Step.discard(false);
            }
            Posting.writeOff(upload, challengeId, reason, now).insertOnce(session);
            TokenFunds.lower(session, upload.issuer(), upload.currency(), upload.value());
            return Step.keep(true);
        };
    }

    // ---- read

    static Operation<List<UploadStatus>> status() {
        return (session, now) -> Step.discard(session.all(
                TokenSql.STATUS,
                row -> new UploadStatus(
                        row.getString("issuer"),
                        row.getString("currency"),
                        row.getLong("waiting"),
                        Rows.timeOrNull(row, "redeem_by"),
                        row.getLong("failed"),
                        row.getLong("failed_amount"),
                        row.getLong("open"))));
    }

    static Operation<List<TokenUpload>> items(@Nullable State state, long after, int limit) {
        return (session, now) -> Step.discard(
                state == null
                        ? session.all(TokenSql.UPLOADS, UploadSteps::upload, after, limit)
                        : session.all(TokenSql.UPLOADS_IN, UploadSteps::upload, state.name(), after, limit));
    }

    private static @Nullable TokenUpload find(Session session, long seq) throws SQLException {
        return session.first(TokenSql.UPLOAD_OF, UploadSteps::upload, seq);
    }

    private static TokenUpload upload(ResultSet row) throws SQLException {
        return new TokenUpload(
                row.getLong("seq"),
                row.getString("issuer"),
                row.getString("payee"),
                new UsedToken(row.getString("key_id"), TokenBytes.encode(row.getBytes("serial"))),
                row.getBytes("token"),
                row.getLong("value"),
                row.getString("currency"),
                Rows.time(row.getLong("redeem_until")),
                State.valueOf(row.getString("state")),
                row.getInt("attempts"),
                Rows.time(row.getLong("not_before")),
                row.getString("result"));
    }
}
