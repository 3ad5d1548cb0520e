package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.eclipse.jetty.http.HttpFields;
import org.farthing.protocol.ProblemType;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-WR-2", "T49", "T50"})
class BearerFieldTest {

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a.b-c_~+/1", "bearer a.b-c_~+/1", "BEARER   a.b-c_~+/1"})
    void token_bearer_isItsToken(String value) {
        assertThat(BearerField.token(fields(value))).contains("a.b-c_~+/1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YTpi", "Payment abc", "Bearer a b", "Bearer\ta", "Bearera"})
    void token_noBearer_isEmpty(String value) {
        assertThat(BearerField.token(fields(value))).isEmpty();
        assertThat(BearerField.token(HttpFields.EMPTY)).isEmpty();
    }

    @Test
    void token_severalCredentials_areRefusedWithoutGuessing() {
        assertRefused(fields("Bearer a", "Bearer b"));
        assertRefused(fields("Bearer a", "Payment b"));
        assertRefused(fields("Bearer a, Bearer b"));
        assertRefused(fields("Payment b, Bearer a"));
    }

    private static void assertRefused(HttpFields fields) {
        assertThatThrownBy(() -> BearerField.token(fields))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.problem().type()).isEqualTo(ProblemType.BAD_REQUEST));
    }

    private static HttpFields fields(String... values) {
        HttpFields.Mutable fields = HttpFields.build();
        for (String value : values) {
            fields.add("Authorization", value);
        }
        return fields;
    }
}
