package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Requirement({"F-PR-2", "F-PR-3", "S31", "S56"})
class ProblemTypeTest {

    @ParameterizedTest
    @CsvSource({
        "PAYMENT_REQUIRED, 402, https://paymentauth.org/problems/payment-required",
        "MALFORMED_CREDENTIAL, 402, https://paymentauth.org/problems/malformed-credential",
        "INVALID_CHALLENGE, 402, https://paymentauth.org/problems/invalid-challenge",
        "VERIFICATION_FAILED, 402, https://paymentauth.org/problems/verification-failed",
        "PAYMENT_EXPIRED, 402, https://paymentauth.org/problems/payment-expired",
        "PAYMENT_INSUFFICIENT, 402, https://paymentauth.org/problems/payment-insufficient",
        "METHOD_UNSUPPORTED, 400, https://paymentauth.org/problems/method-unsupported",
        "BAD_REQUEST, 400, https://paymentauth.org/problems/bad-request",
        "INVALID_PAYLOAD, 402, https://paymentauth.org/problems/invalid-payload",
        "PAYMENT_ACTION_REQUIRED, 402, https://paymentauth.org/problems/payment-action-required",
        "INTERNAL_PAYMENT_ERROR, 500, https://paymentauth.org/problems/internal-payment-error",
        "CHANNEL_CLOSED, 410, https://paymentauth.org/problems/session/channel-finalized",
        "PAYMENT_RELEASED, 402, urn:farthing:problem:payment-released",
        "PAYMENT_REFUNDED, 409, urn:farthing:problem:payment-refunded",
        "LEDGER_UNAVAILABLE, 503, urn:farthing:problem:ledger-unavailable",
        "BODY_TOO_LARGE, 413, urn:farthing:problem:body-too-large",
        "NOT_ALLOWED, 403, urn:farthing:problem:not-allowed",
        "INSUFFICIENT_FUNDS, 402, urn:farthing:problem:insufficient-funds",
        "WALLET_SUSPENDED, 403, urn:farthing:problem:wallet-suspended",
        "SUBSCRIPTION_PAST_DUE, 402, urn:farthing:problem:subscription-past-due",
        "REQUEST_IN_PROGRESS, 409, urn:farthing:problem:request-in-progress",
        "ALREADY_FULFILLED, 409, urn:farthing:problem:already-fulfilled",
        "IDEMPOTENCY_CONFLICT, 422, urn:farthing:problem:idempotency-conflict",
        "RATE_LIMITED, 429, urn:farthing:problem:rate-limited"
    })
    void type_codeStatusAndUri_asTheWireSays(ProblemType type, int status, String uri) {
        assertThat(type.code()).isEqualTo(type.name());
        assertThat(type.defaultStatus()).isEqualTo(status);
        assertThat(type.typeUri()).isEqualTo(uri);
    }

    @ParameterizedTest
    @EnumSource
    void type_everyOne_foundByCodeAndUri(ProblemType type) {
        assertThat(ProblemType.ofCode(type.code())).contains(type);
        assertThat(ProblemType.ofTypeUri(type.typeUri())).contains(type);
        assertThat(type.title()).isNotBlank().doesNotEndWith(".");
        assertThat(type.defaultStatus()).isBetween(400, 503);
    }

    @Test
    void of_unknown_empty() {
        assertThat(ProblemType.ofCode("payment_required")).isEmpty();
        assertThat(ProblemType.ofTypeUri("about:blank")).isEmpty();
        assertThat(ProblemType.ofTypeUri("urn:farthing:problem:payment-required"))
                .isEmpty();
    }

    /** Every row of the specification's table, and no other type; core is core, and the first status is the default. */
    @Test
    void types_specificationTable_same() throws IOException {
        String chapter = Files.readString(Path.of("spec", "problems.md"));
        String table = chapter.substring(chapter.indexOf("## Types"), chapter.indexOf("F-PR-40"));
        Matcher row = Pattern.compile("\\| ((?:`[A-Z_]+`(?:, )?)+) \\| (\\d{3})[^|]*\\| (core|ours)")
                .matcher(table);
        Set<String> codes = new HashSet<>();
        while (row.find()) {
            for (String code : row.group(1).replace("`", "").split(", ", -1)) {
                ProblemType type = ProblemType.valueOf(code);
                assertThat(type.defaultStatus()).as(code).isEqualTo(Integer.parseInt(row.group(2)));
                assertThat(type.typeUri())
                        .as(code)
                        .startsWith(
                                row.group(3).equals("core") ? "https://paymentauth.org/problems/" : "urn:farthing:");
                codes.add(code);
            }
        }
        assertThat(codes).hasSize(ProblemType.values().length);
    }
}
