package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.wallet.PaymentReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicePayingTest {

    @Test
    void pay_collectRefund_movesTheMoneyAndTheBooksAddUp(@TempDir Path temp) throws Exception {
        try (TestService service = new TestService(temp)) {
            WalletClient alice = service.payer(1_000_000);
            Challenge offer = service.offer();
            PaymentReply paid = service.paid(alice, offer);
            assertThat(service.money(alice)).isEqualTo("999000+1000");
            assertThat(service.collect(TestService.capture(paid, 600)).getStatus())
                    .isEqualTo(200);
            assertThat(service.refund(paid, 100, "a").getStatus()).isEqualTo(200);
            assertThat(service.money(alice)).isEqualTo("999500+0");
            assertThat(service.ledger().check().toCompletableFuture().join().sound())
                    .isTrue();
        }
    }
}
