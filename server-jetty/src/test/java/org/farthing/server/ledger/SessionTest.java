package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void statementThatFailed_isThereAgainForTheNext() throws Exception {
        String sql = "SELECT abs(?)";
        try (Session session = SqliteLedger.write(folder.resolve("ledger.db"), InstantSource.system())) {
            assertThat(session.all(sql, row -> row.getLong(1), -5L)).containsExactly(5L);
            assertThatThrownBy(() -> session.all(sql, row -> row.getLong(1), Long.MIN_VALUE))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("overflow");

            assertThat(session.all(sql, row -> row.getLong(1), -6L)).containsExactly(6L);
        }
    }
}
