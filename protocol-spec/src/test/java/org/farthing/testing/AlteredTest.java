package org.farthing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlteredTest {

    @ParameterizedTest
    @ValueSource(strings = {"abc", "xbc", "ybc", "-", "x"})
    void first_ofAnyText_isAnotherOfTheSameLength(String text) {
        assertThat(Altered.first(text)).isNotEqualTo(text).hasSameSizeAs(text).endsWith(text.substring(1));
    }
}
