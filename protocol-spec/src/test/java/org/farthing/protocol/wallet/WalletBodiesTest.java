package org.farthing.protocol.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.testing.Malformed;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies that open a wallet, limit it, freeze it, change its keys, refund, and register a payee: what each may say. */
@Requirement("F-WS-2")
class WalletBodiesTest {

    private static final SigningKey KEY = ServicePurchase.WALLET_KEY;
    private static final VerificationKey RECOVERY = ReferenceVector.KEY.publicKey();

    private interface Parser {
        Object parse(byte[] body) throws Exception;
    }

    private static void refused(Fault fault, Parser parser, String json) {
        Malformed.assertFault(fault, () -> {
            try {
                parser.parse(json.getBytes(UTF_8));
            } catch (MalformedException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    @Requirement("F-WA-20")
    void opening_keyWithNameAndRoles_reducedToItsPoint() throws Exception {
        WalletOpening opening = new WalletOpening(ServicePurchase.SERVICE_KEY.publicKey(), RECOVERY, List.of());
        String named = "{\"jwk\":"
                + CanonicalJson.write(ServicePurchase.SERVICE_KEY.publicKey().toJwk()) + ",\"recovery\":"
                + CanonicalJson.write(RECOVERY.toJwk()) + "}";

        assertThat(WalletOpening.parse(named.getBytes(UTF_8))).isEqualTo(opening);
        assertThat(opening.key().kid()).isEqualTo(opening.key().thumbprint());
        // With the quotes of a member's name: the letters alone stand in one random point out of 6000.
        assertThat(opening.format()).doesNotContain("\"roles\"").doesNotContain("\"kid\"");
    }

    /** A private half in a body is a leak, whatever was meant by it. */
    @Test
    @Requirement({"F-WA-20", "T20"})
    void keys_privateOrUnsafe_malformed() {
        String secret = KEY.exportPrivateJwk();
        String small = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";
        String good = CanonicalJson.write(Body.jwk(KEY.publicKey()));

        for (String bad : List.of(secret, small)) {
            refused(Fault.VALUE, WalletOpening::parse, "{\"jwk\":" + bad + "}");
            refused(Fault.VALUE, WalletOpening::parse, "{\"jwk\":" + good + ",\"recovery\":" + bad + "}");
            refused(Fault.VALUE, KeyChange::parse, "{\"add\":" + bad + "}");
        }
    }

    /** Whoever holds the everyday key must not be able to undo what the recovery key is for. */
    @Test
    @Requirement("F-WA-30")
    void opening_recoveryKeyThatAlsoPays_refused() {
        String key = CanonicalJson.write(Body.jwk(KEY.publicKey()));

        assertThatThrownBy(() -> new WalletOpening(KEY.publicKey(), KEY.publicKey(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        refused(Fault.VALUE, WalletOpening::parse, "{\"jwk\":" + key + ",\"recovery\":" + key + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "usd.e6, 5.00",
        "USD, 5.00",
        "xyz, 5.00",
        "'', 5.00",
        "usd, 5.",
        "usd, .5",
        "usd, '5,00'",
        "usd, -5",
        "usd, '5 '",
        "usd, 5usd",
        "usd, 1e3",
        "usd, 0.0000000000001",
        "usd, ''",
        "unit:pages, 1.5",
        "unit:Pages, 1",
    })
    @Requirement({"T28", "T30", "T78", "F-WA-31"})
    void limits_notADecimalOfABudgetCode_malformed(String code, String perDay) {
        String key = CanonicalJson.write(Body.jwk(KEY.publicKey()));

        refused(Fault.VALUE, LimitChange::parse, "{\"code\":\"" + code + "\",\"perDay\":\"" + perDay + "\"}");
        refused(
                Fault.VALUE,
                WalletOpening::parse,
                "{\"jwk\":" + key + ",\"dailyLimits\":{\"" + code + "\":\"" + perDay + "\"}}");
    }

    @Test
    @Requirement({"T78", "F-WA-31"})
    void limits_twoOfOneCurrencyOrTooMany_refused() {
        Money five = Money.zero("usd");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 33; i++) {
            many.append(i == 0 ? "" : ",").append("\"unit:u").append(i).append("\":\"1\"");
        }
        String key = CanonicalJson.write(Body.jwk(KEY.publicKey()));

        assertThatThrownBy(() -> new WalletOpening(KEY.publicKey(), null, List.of(five, five)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LimitChange("eur", five)).isInstanceOf(IllegalArgumentException.class);
        refused(Fault.TOO_LARGE, WalletOpening::parse, "{\"jwk\":" + key + ",\"dailyLimits\":{" + many + "}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE", "yes", "1", ""})
    @Requirement("F-WA-32")
    void freeze_neitherTrueNorFalse_malformed(String frozen) {
        refused(Fault.VALUE, FreezeChange::parse, "{\"frozen\":\"" + frozen + "\"}");
    }

    @Test
    @Requirement("F-WA-33")
    void keyChange_bothOrNeither_malformed() {
        String key = CanonicalJson.write(Body.jwk(KEY.publicKey()));
        String print = KEY.publicKey().thumbprint();

        refused(Fault.VALUE, KeyChange::parse, "{\"add\":" + key + ",\"revoke\":\"" + print + "\"}");
        refused(Fault.MISSING, KeyChange::parse, "{}");
        refused(Fault.VALUE, KeyChange::parse, "{\"revoke\":\"AAEC\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "amount, 0",
        "amount, -5",
        "amount, 05",
        "idempotencyKey, ''",
        "idempotencyKey, 'a b'",
        "idempotencyKey, ä",
        "jti, AAEC",
        "reason, ''",
    })
    @Requirement({"F-WS-14", "T28", "T54"})
    void refund_memberAgainstItsRule_malformed(String name, String value) {
        Map<String, Object> members = new TreeMap<>(
                Map.of("amount", "500", "idempotencyKey", "r-1", "jti", ServicePurchase.TOKEN_ID, "reason", "half"));
        members.put(name, value);

        refused(Fault.VALUE, RefundOrder::parse, CanonicalJson.write(members));
    }

    @Test
    @Requirement("F-WS-14")
    void refund_textsAtTheirLimits_readAndOneMoreRefused() throws Exception {
        String longest = "k".repeat(128);
        RefundOrder order = new RefundOrder(ServicePurchase.TOKEN_ID, Amount.of(1), longest, "r".repeat(200));

        assertThat(RefundOrder.parse(order.format().getBytes(UTF_8))).isEqualTo(order);
        assertThatThrownBy(() -> new RefundOrder(ServicePurchase.TOKEN_ID, Amount.of(1), longest + "k", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RefundOrder(ServicePurchase.TOKEN_ID, Amount.of(1), "k", "r".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "origin, https://api.example.com/, VALUE",
        "origin, api.example.com, VALUE",
        "origin, https://API.example.com, NOT_CANONICAL",
        "origin, https://api.example.com:443, NOT_CANONICAL",
        "origin, https://user@api.example.com, VALUE",
        "capture, PROMPT, VALUE",
        "capture, later, VALUE",
        "status, active, VALUE",
        "status, SUSPENDED, VALUE",
    })
    @Requirement({"F-WS-15", "T21"})
    void payee_memberAgainstItsRule_malformed(String name, String value, Fault fault) {
        Map<String, Object> members =
                new PayeeRegistration(new Origin("https://api.example.com"), false, false).toMap();
        members.put(name, value);

        refused(fault, PayeeRegistration::parse, CanonicalJson.write(members));
    }

    @Test
    @Requirement("F-WS-15")
    void payee_registered_readsBack() throws Exception {
        PayeeRegistration frozen = new PayeeRegistration(ReferenceVector.ORIGIN, true, true);
        RegisteredPayee payee = new RegisteredPayee(frozen, ServicePurchase.NOW, List.of("2026-11a"));

        assertThat(PayeeRegistration.parse(frozen.format().getBytes(UTF_8))).isEqualTo(frozen);
        assertThat(RegisteredPayee.parse(payee.format().getBytes(UTF_8))).isEqualTo(payee);
        assertThatThrownBy(() -> new RegisteredPayee(frozen, ServicePurchase.NOW.plusMillis(1), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RegisteredPayee(frozen, Instant.MAX, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Ledgers of before know neither limits nor recovery keys. */
    @Test
    @Requirement("F-WA-20")
    void wallet_withoutLimitsAndRecovery_hasNone() throws Exception {
        WalletRecord wallet = WalletRecord.parse(
                ("{\"accounts\":[],\"created\":\"2026-11-22T09:58:00Z\",\"keys\":[],\"status\":\"ACTIVE\","
                                + "\"wallet\":\"w_7Q2k\"}")
                        .getBytes(UTF_8));

        assertThat(wallet.limits()).isEmpty();
        assertThat(wallet.recovery()).isNull();
        assertThat(wallet.status()).isEqualTo(WalletRecord.Status.ACTIVE);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"ACTIVE\"', '\"active\"'",
        "'\"ACTIVE\"', '\"CLOSED\"'",
        "w_7Q2k, 7Q2k",
        "'09:58:00Z', '09:58:00.5Z'",
        "'[]', '[\"AAEC\"]'",
    })
    void wallet_valueAgainstItsRule_malformed(String good, String bad) {
        String json = "{\"accounts\":[{\"available\":\"1\",\"currency\":\"usd\",\"held\":\"0\"}],"
                + "\"created\":\"2026-11-22T09:58:00Z\",\"keys\":[],\"status\":\"ACTIVE\",\"wallet\":\"w_7Q2k\"}";

        refused(Fault.VALUE, WalletRecord::parse, json.replace(good, bad));
    }
}
