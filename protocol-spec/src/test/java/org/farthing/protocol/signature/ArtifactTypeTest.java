package org.farthing.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-SG-4", "F-SG-20", "T18"})
class ArtifactTypeTest {

    /** The table of spec/signatures.md. */
    @ParameterizedTest
    @CsvSource({
        "CHALLENGE, payment-challenge+jws, challenge",
        "RECEIPT, payment-receipt+jws, receipt",
        "RELEASE, payment-release+jws, release",
        "ORDER, payment-order+jws,",
        "RECEIPT_TOKEN, receipt-token+jwt, receipt-token",
        "WALLET_REQUEST, wallet-request+jwt,",
        "MANDATE, payment-mandate+jws,"
    })
    void typAndRole_everyArtifact_asSpecified(ArtifactType type, String typ, @Nullable String role) {
        assertThat(type.typ()).isEqualTo(typ);
        assertThat(type.requiredRole().map(Role::wireName)).isEqualTo(Optional.ofNullable(role));
    }

    @Test
    void typ_allArtifacts_distinct() {
        assertThat(Arrays.stream(ArtifactType.values()).map(ArtifactType::typ)).doesNotHaveDuplicates();
    }
}
