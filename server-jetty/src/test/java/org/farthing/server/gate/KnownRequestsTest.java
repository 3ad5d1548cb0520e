package org.farthing.server.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("T40")
class KnownRequestsTest {

    private final KnownRequests requests = new KnownRequests();

    private static String text(long amount) {
        return PaymentRequest.of(Amount.of(amount), new CurrencyId("usd.e6"), "https://api.example.com")
                .format();
    }

    @Test
    void parse_sameTextAgain_isTheSameRequest() throws Exception {
        PaymentRequest first = requests.parse(text(1));

        assertThat(requests.parse(text(1))).isSameAs(first);
        assertThat(requests.parse(text(2)).amount()).isEqualTo(Amount.of(2));
    }

    @Test
    void parse_aPriceForEachRequest_keepsMemoryBounded() throws Exception {
        for (long amount = 0; amount < 1_000; amount++) {
            assertThat(requests.parse(text(amount)).amount()).isEqualTo(Amount.of(amount));
        }

        assertThat(requests.size()).isLessThanOrEqualTo(256);
    }

    @Test
    void parse_noRequest_isRefusedEachTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> requests.parse("e30")).isInstanceOf(MalformedException.class);
        }
        assertThat(requests.size()).isZero();
    }
}
