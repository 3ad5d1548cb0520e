package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.farthing.server.ledger.TokenKeys.KeyRow;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session remembers of keys, while it and others change them. */
class KeyCacheTest {

    private static final String KEY = Tokens.mine(4).keyId();
    private static final String ALTER_UNSEEN = "UPDATE token_key SET closed = 'unseen' WHERE closed IS NULL";

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private @Nullable Session opened;

    @BeforeEach
    void openTheKey() throws SQLException {
        Path store = folder.resolve("ledger.db");
        SqliteLedger.open(
                        store,
                        LedgerOptions.builder(ForkJoinPool.commonPool())
                                .clock(clock)
                                .build())
                .close();
        opened = SqliteLedger.write(store, clock);
        step(TokenKeys.open(Tokens.mine(4)));
    }

    @AfterEach
    void close() throws SQLException {
        session().close();
    }

    private Session session() {
        return Objects.requireNonNull(opened);
    }

    private void step(Operation<?> operation) throws SQLException {
        session().begin();
        operation.run(session(), clock.millis());
        session().commit();
    }

    private boolean isOpen() throws SQLException {
        KeyRow key = session().keys().find(session(), KEY);
        return key != null && key.open();
    }

    @Test
    void find_keyThatWasRead_isNotReadAgain() throws SQLException {
        session().begin();
        assertThat(isOpen()).isTrue();
        session().commit();
        session().execute(ALTER_UNSEEN);

        session().begin();

        assertThat(isOpen()).isTrue();
    }

    @Test
    @Requirement({"F-TK-45", "F-TK-145"})
    void find_keyThatWasClosedSince_isClosed() throws SQLException {
        session().begin();
        assertThat(isOpen()).isTrue();
        session().commit();
        step(TokenKeys.close(KEY, "leaked"));

        session().begin();

        assertThat(isOpen()).isFalse();
    }

    @Test
    @Requirement({"F-TK-45", "F-TK-145"})
    void find_inTheTransactionThatCloses_isClosed_andOpenAgainIfThatIsUndone() throws SQLException {
        session().begin();
        assertThat(isOpen()).isTrue();
        TokenKeys.close(KEY, "leaked").run(session(), clock.millis());
        assertThat(isOpen()).isFalse();
        session().rollback();

        session().begin();

        assertThat(isOpen()).isTrue();
        session().rollback();
        session().begin();
        TokenKeys.close(KEY, "leaked").run(session(), clock.millis());
        assertThat(isOpen()).isFalse();
        session().rollback();
        step(TokenKeys.close(KEY, "leaked"));
        session().begin();
        assertThat(isOpen()).isFalse();
    }

    @Test
    void find_keyThatIsNotThere_isLookedForEachTime() throws SQLException {
        String other = Tokens.mine(2).keyId();
        session().begin();
        assertThat(session().keys().find(session(), other)).isNull();
        session().commit();
        step(TokenKeys.open(Tokens.mine(2)));

        session().begin();

        assertThat(session().keys().find(session(), other)).isNotNull();
    }
}
