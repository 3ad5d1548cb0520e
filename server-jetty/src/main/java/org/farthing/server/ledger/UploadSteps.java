package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.TokenUpload.State;
import org.jspecify.annotations.Nullable;

/** Gives tokens of remote issuers out to be presented, and ends them (F-TK-40 to F-TK-43). */
final class UploadSteps {

    /** Whom tokens are presented to, and by whom. */
    private record Between(String payee, String issuer) {}

    /** Whose tokens are accepted and not redeemed. */
    private record Debt(String issuer, String currency) {}

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

    static Operation<List<TokenUpload>> due(int limit, Duration lease) {
        return (session, now) -> {
            Between first = session.first(
                    TokenSql.FIRST_DUE, row -> new Between(row.getString("payee"), row.getString("issuer")), now);
            if (first == null) {
                return Step.discard(List.of());
            }
            long until = Math.addExact(now, lease.toMillis());
            List<TokenUpload> taken = new ArrayList<>();
            for (TokenUpload upload :
                    session.all(TokenSql.DUE, UploadSteps::upload, now, first.payee(), first.issuer(), limit)) {
                // Another node may have taken it since; then it is not this one's.
                if (session.update(TokenSql.LEASE, until, upload.seq(), now) == 1) {
                    taken.add(leased(upload, until));
                }
            }
            return new Step<>(List.copyOf(taken), !taken.isEmpty());
        };
    }

    private static TokenUpload leased(TokenUpload upload, long until) {
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

    /** All tokens before any debt, and both in order, so that two such steps do not wait for each other. */
    static Operation<Integer> done(List<UploadAnswer> answers) {
        List<UploadAnswer> ordered = answers.stream()
                .sorted(Comparator.comparingLong(UploadAnswer::seq))
                .toList();
        return (session, now) -> {
            Map<Debt, Long> redeemed =
                    new TreeMap<>(Comparator.comparing(Debt::issuer).thenComparing(Debt::currency));
            int ended = 0;
            for (UploadAnswer answer : ordered) {
                TokenUpload upload = find(session, answer.seq());
                if (upload == null) {
                    continue;
                }
                int rows = answer.redeemed()
                        ? session.update(TokenSql.REDEEMED, answer.seq())
                        : session.update(TokenSql.REFUSED, answer.result(), answer.seq());
                ended += rows;
                if (rows == 1 && answer.redeemed()) {
                    redeemed.merge(new Debt(upload.issuer(), upload.currency()), upload.value(), Math::addExact);
                }
            }
            for (Map.Entry<Debt, Long> debt : redeemed.entrySet()) {
                TokenFunds.lower(session, debt.getKey().issuer(), debt.getKey().currency(), debt.getValue());
            }
            return new Step<>(ended, ended > 0);
        };
    }

    static Operation<Integer> again(List<Long> seqs, Duration wait, String why) {
        List<Long> ordered = seqs.stream().sorted().distinct().toList();
        return (session, now) -> {
            long due = Math.addExact(now, wait.toMillis());
            int waiting = 0;
            for (Long seq : ordered) {
                waiting += session.update(TokenSql.AGAIN, due, why, seq);
            }
            return new Step<>(waiting, waiting > 0);
        };
    }

    static Operation<Boolean> writeOff(long seq, String reason) {
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
