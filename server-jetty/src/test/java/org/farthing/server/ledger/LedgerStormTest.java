package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.farthing.server.app.Terminal;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand operations of many callers, three kills between them, and the command that checks the books. */
@Timeout(300)
class LedgerStormTest {

    private static final int A_QUARTER = 25_000;

    @TempDir
    private Path folder = Path.of("");

    private Path store = folder;

    @Test
    @Requirement({"F-ST-50", "F-ST-53", "F-ST-106", "T45"})
    void check_afterAHundredThousandOperationsAndThreeKills_isSound_andNamesARowAlteredByHand() throws Exception {
        store = folder.resolve("ledger.db");
        for (String run : List.of("first", "second", "third")) {
            stormAndKill(run);
        }
        stormToTheEnd();

        Terminal sound = Terminal.run("ledger", "check", "--store", store);
        assertThat(sound.out()).contains("The books are sound.");
        assertThat(sound.exitCode()).isZero();
        assertThat(transfers()).isGreaterThan(A_QUARTER);

        String altered = alterOneCapture();
        Terminal wrong = Terminal.run("ledger", "check", "--store", store);
        assertThat(wrong.out()).contains("WRONG  transfer " + altered + ":").contains("NOT sound");
        assertThat(wrong.exitCode()).isNotZero();
    }

    /** Kills it amid its work: it goes on for ever, and a quarter is acknowledged. */
    private void stormAndKill(String run) throws Exception {
        Process child = LedgerChild.start(LedgerStorm.class, store, run, String.valueOf(Long.MAX_VALUE));
        try (BufferedReader lines = LedgerChild.lines(child)) {
            long acknowledged = 0;
            while (acknowledged < A_QUARTER) {
                acknowledged = Long.parseLong(Objects.requireNonNull(lines.readLine(), "the child has ended"));
            }
        } finally {
            // SIGKILL: no shutdown hook, no close.
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).isNotZero();
    }

    private void stormToTheEnd() throws Exception {
        Process child = LedgerChild.start(LedgerStorm.class, store, "fourth", String.valueOf(A_QUARTER));
        try (BufferedReader lines = LedgerChild.lines(child)) {
            assertThat(lines.lines().toList())
                    .contains(String.valueOf(A_QUARTER))
                    .endsWith("closed");
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).isZero();
    }

    private long transfers() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM transfer")) {
            return count.getLong(1);
        }
    }

    private String alterOneCapture() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            String id;
            try (ResultSet row = statement.executeQuery(
                    "SELECT id FROM transfer WHERE kind = 'CAPTURE' ORDER BY seq LIMIT 1 OFFSET 5000")) {
                assertThat(row.next()).isTrue();
                id = row.getString(1);
            }
            assertThat(statement.executeUpdate("UPDATE transfer SET amount = amount + 1 WHERE id = '" + id + "'"))
                    .isEqualTo(1);
            return id;
        }
    }
}
