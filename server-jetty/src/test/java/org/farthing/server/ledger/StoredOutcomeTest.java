package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredOutcomeTest {

    @Test
    void whole_bodyChangedAfterwards_keepsWhatItWasGiven() {
        byte[] body = {1, 2, 3};
        StoredOutcome outcome = StoredOutcome.whole(200, List.of(), body, null);
        body[0] = 9;

        assertThat(outcome.body().orElseThrow().get()).isEqualTo((byte) 1);
        assertThat(outcome.body().orElseThrow().remaining()).isEqualTo(3);
        assertThat(outcome.body().orElseThrow().isReadOnly()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\0b"})
    void field_withALineBreakOrNul_isRefused(String text) {
        assertThatThrownBy(() -> new StoredOutcome.Field("name", text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StoredOutcome.Field(text, "value")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whole_statusWithoutThreeDigits_isRefused() {
        assertThatThrownBy(() -> StoredOutcome.withoutBody(99, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StoredOutcome.withoutBody(1000, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void fields_writtenAndRead_areTheSame(
            @ForAll @Size(max = 5) List<@CharRange(from = ' ', to = '\u00ff') @StringLength(max = 20) String> values) {
        List<StoredOutcome.Field> fields = values.stream()
                .map(value -> new StoredOutcome.Field("x-name", value))
                .toList();

        assertThat(Rows.fields(Rows.lines(fields))).isEqualTo(fields);
    }
}
