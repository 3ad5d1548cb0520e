package org.farthing.client.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalletOrdersTest {

    private static final Origin API = new Origin("https://api.example.com");

    @TempDir
    Path temp;

    private Purse purse;
    private WalletOrders orders;

    @BeforeEach
    void open() throws IOException {
        purse = Purse.create(temp.resolve("purse"), new SecureRandom());
        orders = new WalletOrders(purse);
    }

    private static Challenge challenge(String recipient, Map<String, Object> details) {
        PaymentRequest request =
                new PaymentRequest(Amount.of(2500), new CurrencyId("usd.e6"), recipient, null, null, details, Map.of());
        return new Challenge(
                "id-1",
                new ChallengeTerms("api.example.com", "wallet", "charge", request.format(), null, null, null, null),
                "One page",
                "header..signature");
    }

    @Test
    @Requirement({"C8", "C9", "F-WO-2", "F-WO-6", "F-CR-22", "F-CR-23"})
    void credential_forAChallenge_isAnOrderForItsRecipientOnly() throws Exception {
        Challenge challenge = challenge(API.text(), Map.of("capture", "exact"));
        Credential made = orders.credential(challenge, orders.read(challenge), API);
        Credential sent = Credential.parse(made.format());
        assertThat(sent.challenge().terms()).isEqualTo(challenge.terms());
        assertThat(sent.challenge().description()).isEqualTo("One page");
        assertThat(sent.challenge().jws()).isNull();
        assertThat(sent.source()).asString().startsWith("did:key:z6Mk");
        PaymentOrder order = PaymentOrder.parse(sent);
        assertThat(order.wallet()).isEqualTo(purse.walletId(API));
        assertThat(order.maxAmount()).isEqualTo(Amount.of(2500));
        order.verify(purse.publicKey(API), API);
        assertThatThrownBy(() -> order.verify(purse.publicKey(API), new Origin("https://wallet.example")))
                .isInstanceOf(org.farthing.protocol.signature.SignatureRejectedException.class);
    }

    @Test
    @Requirement({"F-RQ-1", "F-RQ-6"})
    void read_whatThisPurseCannotDo_isUnpayable() {
        for (Map<String, Object> details : java.util.List.<Map<String, Object>>of(
                Map.of("capture", "exact", "version", "2"),
                Map.of("capture", "exact", "providers", "https://wallet.example"))) {
            assertThatThrownBy(() -> orders.read(challenge(API.text(), details)))
                    .isInstanceOf(UnpayableException.class);
        }
    }

    @Test
    @Requirement({"F-RQ-1", "F-RQ-3"})
    void read_againstTheRules_isMalformed() {
        for (Challenge wrong : java.util.List.of(
                challenge(API.text(), Map.of()),
                challenge(API.text(), Map.of("capture", "sometimes")),
                challenge(API.text(), Map.of("capture", true)),
                challenge("https://API.example.com", Map.of("capture", "exact")),
                challenge("https://api.example.com/", Map.of("capture", "exact")),
                challenge("somebody", Map.of("capture", "exact")))) {
            assertThatThrownBy(() -> orders.read(wrong)).isInstanceOf(org.farthing.protocol.MalformedException.class);
        }
    }

    @Test
    @Requirement({"F-BI-34", "F-WA-13"})
    void credential_plainHttpLedgerOfAnother_isRefused() throws Exception {
        Challenge challenge = challenge("http://127.0.0.1:8402", Map.of("capture", "exact"));
        Price price = orders.read(challenge);
        assertThatThrownBy(() -> orders.credential(challenge, price, API)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement("C9")
    void of_rfc8032Key_isItsDidKey() {
        // The key of RFC 8032 test 1, whose did:key the W3C method's own tests list.
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        assertThat(DidKey.of(SigningKey.fromEd25519Seed(seed).publicKey()))
                .isEqualTo("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw");
    }
}
