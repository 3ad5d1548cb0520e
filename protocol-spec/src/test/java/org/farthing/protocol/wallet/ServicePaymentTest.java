package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.testing.Malformed;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Requirement({"F-WS-2", "F-WS-5"})
class ServicePaymentTest {

    @Test
    void format_payment_asTheSpecificationWritesIt() {
        ServicePayment payment = ServicePurchase.payment(State.HELD, 0, 0);

        assertThat(payment.format())
                .isEqualTo("{\"amount\":\"2500\",\"captured\":\"0\",\"challengeId\":"
                        + "\"GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg\",\"currency\":\"usd.e6\","
                        + "\"expires\":\"2026-11-22T10:05:00Z\",\"holdExpires\":\"2026-11-22T11:05:00Z\","
                        + "\"issued\":\"2026-11-22T10:00:00Z\",\"recipient\":\"https://api.example.com\","
                        + "\"refunded\":\"0\",\"state\":\"held\",\"tokenId\":\"AAECAwQFBgcICQoLDA0ODw\",\"wallet\":\""
                        + ServicePurchase.WALLET + "\"}");
        assertThat(payment.withoutWallet().toMap()).doesNotContainKey("wallet");
    }

    @ParameterizedTest
    @CsvSource({
        "amount, 1999, VALUE",
        "amount, 02500, VALUE",
        "captured, 2501, VALUE",
        "captured, -1, VALUE",
        "refunded, 2001, VALUE",
        "refunded, 1e3, VALUE",
        "challengeId, '', VALUE",
        "challengeId, a/b, VALUE",
        "challengeId, ../x, VALUE",
        "currency, USD, VALUE",
        "currency, '', VALUE",
        "expires, 2026-11-22T09:59:59Z, VALUE",
        "expires, 2026-11-22T10:05:00.5Z, VALUE",
        "expires, now, SYNTAX",
        "holdExpires, 2026-11-22T10:04:59Z, VALUE",
        "issued, 2026-11-22T10:05:01Z, VALUE",
        "recipient, https://api.example.com/, VALUE",
        "recipient, https://API.example.com, NOT_CANONICAL",
        "state, HELD, VALUE",
        "state, held, VALUE",
        "state, refunded, VALUE",
        "tokenId, AAEC, VALUE",
        "tokenId, AAECAwQFBgcICQoLDA0ODx, ENCODING",
        "wallet, alice, VALUE",
        "wallet, '', VALUE",
    })
    void parse_memberAgainstItsRule_fault(String name, String value, Fault fault) {
        Map<String, Object> members =
                ServicePurchase.payment(State.CAPTURED, 2000, 500).toMap();
        members.put(name, value);

        Malformed.assertFault(fault, () -> ServicePayment.parse(members));
    }

    /** Money that nobody collected cannot be refunded, and what was given back was not collected. */
    @ParameterizedTest
    @EnumSource(names = "CAPTURED", mode = EnumSource.Mode.EXCLUDE)
    void payment_collectedInAnotherState_refused(State state) {
        assertThatThrownBy(() -> ServicePurchase.payment(state, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServicePurchase.payment(state, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ServicePurchase.payment(State.CAPTURED, 0, 0).captured().baseUnits())
                .isZero();
    }

    /** The token is worth the payment to whoever sees it. */
    @Test
    @Requirement({"T38", "T70", "S40"})
    void toString_reply_noToken() throws Exception {
        String token = ReceiptToken.issue(ServicePurchase.SERVICE_KEY, ServicePurchase.claims())
                .format();

        assertThat(new PaymentReply(ServicePurchase.payment(State.HELD, 0, 0), token).toString())
                .doesNotContain(token)
                .doesNotContain(token.substring(token.lastIndexOf('.') + 1))
                .contains(ServicePurchase.CHALLENGE.id());
    }
}
