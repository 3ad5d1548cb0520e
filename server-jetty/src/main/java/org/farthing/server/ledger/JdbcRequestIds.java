package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.farthing.server.ledger.Operation.Step;

/** The used request ids on the ledger's writer: what waits there shares a commit, so an id costs a row and no sync of its own. */
final class JdbcRequestIds implements RequestIds {

    private static final String USE =
            "INSERT INTO request_id (caller, id, keep_until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

    private static final String PURGE = """
            DELETE FROM request_id WHERE (caller, id) IN
              (SELECT caller, id FROM request_id WHERE keep_until < ? ORDER BY keep_until LIMIT ?)
            """;

    private final Writers writer;

    JdbcRequestIds(Writers writer) {
        this.writer = writer;
    }

    @Override
    public CompletionStage<Boolean> use(String caller, String id, Instant until) {
        Arguments.text("caller", caller, 300);
        Arguments.text("id", id, 200);
        long keepUntil = until.toEpochMilli();
        return writer.submit(caller, (session, now) -> {
            boolean first = keepUntil > now && session.update(USE, caller, id, keepUntil) == 1;
            return new Step<>(first, first);
        });
    }

    static int purge(Session session, long before, int most) throws SQLException {
        return session.update(PURGE, before, most);
    }
}
