package org.farthing.server.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestPostgresTest {

    @Test
    void emptyStore_twice_givesTwoSchemasOfARealServer() throws Exception {
        String one = TestPostgres.emptyStore();
        String other = TestPostgres.emptyStore();
        try (Connection connection = TestPostgres.at(one).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_schema(), version()")) {
            row.next();
            assertThat(one).contains(row.getString(1)).isNotEqualTo(other);
            assertThat(row.getString(2)).startsWith("PostgreSQL 18");
        }
    }
}
