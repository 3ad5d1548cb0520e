package org.farthing.conformance.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.junit.jupiter.api.Test;

class WalletPayerTest {

    private final WalletPayer payer =
            new WalletPayer(SigningKey.generate(Algorithm.ED25519, null, new SecureRandom()), null, null);

    private static Offer offer(String method, String intent, String request) {
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(request.getBytes(StandardCharsets.UTF_8));
        Map<String, String> params = Map.of("method", method, "intent", intent, "request", encoded);
        return new Offer(params, List.copyOf(params.keySet()), "");
    }

    @Test
    void pays_ordersOfMethodWallet_andNothingElse() {
        assertThat(payer.pays(offer("wallet", "charge", "{\"amount\":\"10\"}"))).isTrue();
        assertThat(payer.pays(offer("token", "charge", "{\"amount\":\"10\"}"))).isFalse();
        assertThat(payer.pays(offer("wallet", "session", "{\"amount\":\"10\"}")))
                .isFalse();
    }

    @Test
    void pays_offerForReceiptTokensOfAWalletService_no() {
        String request = "{\"amount\":\"10\",\"methodDetails\":{\"providers\":\"https://wallet.example\"}}";
        assertThat(payer.pays(offer("wallet", "charge", request))).isFalse();
        assertThat(payer.pays(offer("wallet", "charge", request.replace("providers", "other"))))
                .isTrue();
    }
}
