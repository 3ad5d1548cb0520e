package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.server.gate.Admission.Step;
import org.farthing.server.gate.Inquiry;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** Whose payments take from whose budget. */
@Requirement({"F-SV-65", "F-SV-67", "F-TK-138"})
class PaymentLimitsTest {

    private static final String WALLET = "w_Q2hpbGQgb2YgYSB0ZXN0";

    private final PaymentLimits limits = PaymentLimits.builder()
            .payments(1)
            .remembered(1)
            .clock(() -> Instant.EPOCH)
            .build();
    private final Inquiry inquiry = new Inquiry(
            PriceList.builder()
                    .charge("/a", Offer.of("0.002usd").build())
                    .build()
                    .routes()
                    .get(0),
            RequestTarget.of("GET", new Origin("https://api.example.com"), "/a", null),
            name -> List.of(),
            "request",
            "client",
            true);

    private Duration pay(String payer) {
        return limits.admit(Step.PAYMENT, inquiry, payer);
    }

    @Test
    void walletBeyondItsBudget_waitsHoweverManyPayWithoutAWallet() {
        assertThat(pay(WALLET)).isZero();
        assertThat(pay("t_one")).isZero();
        assertThat(pay("r_two")).isZero();
        assertThat(pay("t_three")).isZero();

        assertThat(pay(WALLET)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void sameTokensTooOften_wait() {
        assertThat(pay("t_one")).isZero();

        assertThat(pay("t_one")).isEqualTo(Duration.ofMinutes(1));
    }
}
