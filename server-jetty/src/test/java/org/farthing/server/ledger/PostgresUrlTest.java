package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {

    @Test
    @Requirement({"F-OP-6"})
    void toString_showsWhereAndWho_andNothingElse() {
        PostgresUrl url = PostgresUrl.parse(
                "jdbc:postgresql://db.example:5433/books?user=shop&password=s3cret&sslpassword=s4cret&sslmode=require"
                        + "&currentSchema=farthing",
                "s5cret");

        assertThat(url).hasToString("jdbc:postgresql://db.example:5433/books?user=shop&currentSchema=farthing");
        assertThat(url.source().toString()).doesNotContain("cret");
        assertThat(url.schema()).contains("farthing");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example:5433/books?user=shop, --host=db.example --port=5433 --username=shop --dbname=books",
        "jdbc:postgresql://db.example/books, --host=db.example --dbname=books",
        "'jdbc:postgresql://one:5433,two/books', --host=one --port=5433 --dbname=books",
        "jdbc:postgresql://[::1]:5433/books, --host=::1 --port=5433 --dbname=books",
        "jdbc:postgresql:///books, --dbname=books",
        "jdbc:postgresql:books?user=a%26b&password=x, --username=a&b --dbname=books",
    })
    @Requirement({"F-OP-42"})
    void clientOptions_leadToTheSameDatabase(String text, String options) {
        assertThat(String.join(" ", PostgresUrl.parse(text, "secret").clientOptions()))
                .isEqualTo(options);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://shop:s3cret@db.example/books",
                "jdbc:postgresql:",
                "jdbc:postgresql://shop:s3cret@db.example/books",
                "jdbc:mysql://db.example/books?password=s3cret",
                "jdbc:postgresql://db.example/books?password=s3cret%zz",
            })
    @Requirement({"F-OP-6"})
    void parse_whatIsNone_isRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> PostgresUrl.parse(text, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    @Requirement({"F-OP-6"})
    void source_tellsTheDriverAllOfIt_andThePasswordOfTheUrlFirst() {
        String text = "jdbc:postgresql://db.example/books?user=a%26b&connectTimeout=5";

        assertThat(settings(PostgresUrl.parse(text, "s5cret")))
                .containsEntry("user", "a&b")
                .containsEntry("connectTimeout", "5")
                .containsEntry("password", "s5cret");
        assertThat(settings(PostgresUrl.parse(text + "&password=s3cret", "s5cret")))
                .containsEntry("password", "s3cret");
        assertThat(settings(PostgresUrl.parse(text, null))).doesNotContainKey("password");
    }

    private static Properties settings(PostgresUrl url) {
        return ((DriverSource) url.source()).settings;
    }

    @Test
    @Requirement({"F-OP-6"})
    void connection_driverThatIsNotThere_failsWithoutTheSecret() {
        DriverSource source = new DriverSource("jdbc:none://db.example/books", new Properties());
        PostgresUrl closed = PostgresUrl.parse("jdbc:postgresql://127.0.0.1:1/books?user=a&password=s3cret", null);

        assertThatThrownBy(source::getConnection).hasMessageContaining("No suitable driver");
        assertThatThrownBy(() -> closed.source().getConnection())
                .hasMessageContaining("127.0.0.1:1")
                .message()
                .doesNotContain("s3cret");
    }
}
