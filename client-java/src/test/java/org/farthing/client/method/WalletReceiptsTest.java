package org.farthing.client.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.client.wallet.PaymentsApi;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalletReceiptsTest {

    private static final Origin API = new Origin("https://api.example.com");
    private static final Origin ONE = new Origin("https://one.example");
    private static final Origin TWO = new Origin("https://two.example");
    private static final Origin LOCAL = new Origin("http://127.0.0.1:8500");

    @TempDir
    Path temp;

    private Purse purse;
    private WalletReceipts receipts;

    @BeforeEach
    void open() throws IOException {
        purse = Purse.create(temp.resolve("purse"), new SecureRandom());
        receipts = receipts(List.of(LOCAL, ONE, TWO));
    }

    private WalletReceipts receipts(List<Origin> services) {
        SettableClock clock = new SettableClock();
        HttpClient http = HttpClient.newHttpClient();
        return new WalletReceipts(
                purse,
                services,
                new PaymentsApi(http, purse, clock, true),
                new KeyFetcher(http, clock, Runnable::run, Duration.ofSeconds(1)),
                clock);
    }

    private static Challenge challenge(String id, String recipient, @Nullable String providers, @Nullable String jws) {
        Map<String, Object> details = new TreeMap<>(Map.of("capture", "exact"));
        if (providers != null) {
            details.put("providers", providers);
        }
        PaymentRequest request =
                new PaymentRequest(Amount.of(2500), new CurrencyId("usd.e6"), recipient, null, null, details, Map.of());
        return new Challenge(
                id,
                new ChallengeTerms("api.example.com", "wallet", "charge", request.format(), null, null, null, null),
                null,
                jws);
    }

    private static Challenge challenge(String recipient, @Nullable String providers) {
        return challenge("id-1", recipient, providers, "header..signature");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://one.example, https://one.example",
        "https://api.example.com, https://two.example https://one.example, https://one.example",
        "https://api.example.com, https://other.example https://two.example, https://two.example",
        "https://api.example.com, http://127.0.0.1:8500 https://two.example, https://two.example",
        "http://127.0.0.1:9000, http://127.0.0.1:8500 https://one.example, http://127.0.0.1:8500",
    })
    @Requirement({"F-CL-60", "F-CL-61", "F-WA-14", "F-BI-34", "T71"})
    void read_namesTheFirstServiceOfThePurse(String recipient, String providers, String service) throws Exception {
        Price price = receipts.read(challenge(recipient, providers));
        assertThat(price.service()).isEqualTo(new Origin(service));
        assertThat(price.amount()).isEqualTo(Amount.of(2500));
        assertThat(price.recipient()).isEqualTo(recipient);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com, https://other.example",
        "https://api.example.com, http://127.0.0.1:8500",
        "https://api.example.com, https://one.example.evil",
        "https://api.example.com, https://one.example/",
        "http://127.0.0.1:9000, https://one.example",
    })
    @Requirement({"F-CL-60", "F-WO-7", "F-WA-14", "F-BI-34", "T71"})
    void read_noServiceOfThePurse_isUnpayable(String recipient, String providers) {
        Challenge challenge = challenge(recipient, providers);
        assertThat(receipts.takes(challenge)).isTrue();
        assertThatThrownBy(() -> receipts.read(challenge)).isInstanceOf(UnpayableException.class);
    }

    @Test
    @Requirement({"F-CL-61", "F-WS-6"})
    void read_unsignedOrWithoutProviders_isUnpayable() {
        assertThatThrownBy(() -> receipts.read(challenge("id-1", API.text(), ONE.text(), null)))
                .isInstanceOf(UnpayableException.class);
        Challenge direct = challenge(API.text(), null);
        assertThat(receipts.takes(direct)).isFalse();
        assertThatThrownBy(() -> receipts.read(direct)).isInstanceOf(UnpayableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "..", "a b", "a%2Fb", "id?x=1"})
    @Requirement({"F-CL-61", "F-WS-3"})
    void read_idThatCannotStandInAPath_isMalformed(String id) {
        assertThatThrownBy(() -> receipts.read(challenge(id, API.text(), ONE.text(), "header..signature")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    @Requirement({"F-CL-62", "F-WO-2", "F-RT-1", "T71"})
    void credential_isAnOrderForThatServiceAndNoOther() throws Exception {
        Challenge challenge = challenge(API.text(), ONE.text());
        Credential made = receipts.credential(challenge, receipts.read(challenge), API);
        assertThat(receipts.isOrder(made.token68())).isTrue();
        assertThat(made.source()).isNull();
        PaymentOrder order = PaymentOrder.parse(made);
        assertThat(order.wallet()).isEqualTo(purse.walletId(ONE));
        order.verify(purse.publicKey(ONE), ONE);
        for (Origin other : List.of(API, TWO)) {
            assertThatThrownBy(() -> order.verify(purse.publicKey(ONE), other))
                    .isInstanceOf(SignatureRejectedException.class);
        }
        Credential again = receipts.credential(challenge, receipts.read(challenge), API);
        assertThat(again.token68()).isEqualTo(made.token68());
    }

    @Test
    @Requirement({"F-CL-60", "F-WA-14"})
    void credential_serviceThatIsNotThePurses_isRefused() throws Exception {
        Challenge challenge = challenge(API.text(), ONE.text());
        Price price = receipts.read(challenge);
        assertThatThrownBy(() -> receipts(List.of(TWO)).credential(challenge, price, API))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-RQ-1", "F-CL-61"})
    void takes_ordersAndReceipts_eachTheirOwn() {
        WalletOrders orders = new WalletOrders(purse);
        WalletOrders atApi = new WalletOrders(purse, java.util.Set.of(API));
        assertThat(orders.takes(challenge(API.text(), null))).isTrue();
        assertThat(orders.takes(challenge(API.text(), ONE.text()))).isFalse();
        assertThat(atApi.takes(challenge(API.text(), null))).isTrue();
        assertThat(atApi.takes(challenge(TWO.text(), null))).isFalse();
    }

    @Test
    @Requirement("T38")
    void toString_ofAnything_showsNoSecret() throws Exception {
        Challenge challenge = challenge(API.text(), ONE.text());
        Credential made = receipts.credential(challenge, receipts.read(challenge), API);
        String jws = String.valueOf(made.payload().get("jws"));
        assertThat(receipts + " " + new Exchange.Paid(made) + " " + receipts.read(challenge))
                .doesNotContain(jws, made.token68());
    }
}
