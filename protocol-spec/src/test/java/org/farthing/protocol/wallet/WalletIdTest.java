package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("F-WO-1")
class WalletIdTest {

    @Test
    void of_referenceKey_firstHalfOfItsThumbprint() {
        assertThat(WalletId.of(ReferenceVector.KEY.publicKey())).isEqualTo("w_kPrK_qmxVWaYVA9wwBF6Ig");
        assertThat(WalletId.of(ReferenceVector.KEY.withKid("other").publicKey()))
                .isEqualTo("w_kPrK_qmxVWaYVA9wwBF6Ig");
    }

    @ParameterizedTest
    @ValueSource(strings = {"w_7Q2k", "w_kPrK_qmxVWaYVA9wwBF6Ig", "w_-", "w__"})
    void isWalletId_grammar_true(String text) {
        assertThat(WalletId.isWalletId(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "w_", "w", "W_7Q2k", "x_7Q2k", "w_7Q2k ", "w_7Q.2k", "w_7\"", "w_\u00e9", "w_a|b", "w_a'--"})
    void isWalletId_anythingElse_false(String text) {
        assertThat(WalletId.isWalletId(text)).isFalse();
        assertThat(WalletId.isWalletId("w_" + "a".repeat(64))).isTrue();
        assertThat(WalletId.isWalletId("w_" + "a".repeat(65))).isFalse();
    }
}
