package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** What a payee asks for, and the tokens that answer. */
class TokenOfferTest {

    static final Origin ISSUER = new Origin("https://issuer.example");
    static final TokenOffer OFFER = new TokenOffer(
            ISSUER,
            BlindTokenTest.CHALLENGE,
            new Denominations(List.of(1L, 2L, 4L)),
            4,
            false,
            "dNmXUm2NbBVSJR3Q_z3Dw5Co4DWxxYNNq_YQ8fBJIXY");

    @Test
    @Requirement("F-TK-23")
    void parse_ofItsOwnMembers_readsBackAndIsCanonical() throws Exception {
        String request = new PaymentRequest(
                        Amount.of(3),
                        new CurrencyId("usd.e4"),
                        "https://api.example.com",
                        null,
                        null,
                        Map.copyOf(OFFER.toMethodDetails()),
                        Map.of())
                .format();

        assertThat(PaymentRequest.isCanonical(request)).isTrue();
        assertThat(TokenOffer.parse(PaymentRequest.parse(request).methodDetails()))
                .isEqualTo(OFFER);
    }

    @Test
    @Requirement("F-TK-23")
    void parse_membersMissingOrWrong_malformed() {
        for (String name : OFFER.toMethodDetails().keySet()) {
            Map<String, Object> without = new HashMap<>(OFFER.toMethodDetails());
            without.remove(name);
            assertFault(Fault.MISSING, "request.methodDetails." + name, () -> TokenOffer.parse(without));
            without.put(name, 4L);
            assertFault(Fault.TYPE, "request.methodDetails." + name, () -> TokenOffer.parse(without));
        }
        wrong(Fault.VALUE, "maxTokens", "0", "17", "999999999999999999", "-1", "x", "4.0");
        wrong(Fault.VALUE, "overpay", "yes", "", "No");
        wrong(Fault.VALUE, "keys", "AAAA");
        wrong(Fault.VALUE, "denominations", "2 3");
        wrong(Fault.NOT_CANONICAL, "issuer", "https://issuer.example:443");
        wrong(Fault.VALUE, "issuer", "https://other.example");
        wrong(
                Fault.VALUE,
                "challenge",
                TokenChallenge.forPayee(new Origin("https://x.example"), ISSUER).text());
    }

    private static void wrong(Fault fault, String name, String... values) {
        for (String value : values) {
            Map<String, Object> members = new HashMap<>(OFFER.toMethodDetails());
            members.put(name, value);
            assertFault(fault, () -> TokenOffer.parse(members));
        }
    }

    @Test
    @Requirement("F-TK-23")
    void offer_outOfRange_isRefused() {
        assertThatThrownBy(() -> new TokenOffer(
                        new Origin("https://x.example"),
                        OFFER.challenge(),
                        OFFER.denominations(),
                        4,
                        false,
                        OFFER.keys()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new TokenOffer(ISSUER, OFFER.challenge(), OFFER.denominations(), 17, true, OFFER.keys()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Requirement({"F-TK-24", "F-TK-8"})
    void payload_ofTokens_readsBack() throws Exception {
        List<BlindToken> tokens =
                List.of(BlindTokenTest.token(TestTokenKeys.get(0), 1), BlindTokenTest.token(TestTokenKeys.get(1), 2));
        Map<String, Object> payload = TokenPayload.toPayload(tokens);

        assertThat(TokenPayload.parse(payload, 2)).isEqualTo(tokens);
        assertFault(Fault.TOO_LARGE, () -> TokenPayload.parse(payload, 1));
        assertFault(Fault.VALUE, () -> TokenPayload.parse(Map.of("type", "order", "tokens", "AA"), 2));
        assertFault(Fault.VALUE, () -> TokenPayload.parse(Map.of("type", "tokens", "tokens", ""), 2));
        assertFault(Fault.MISSING, () -> TokenPayload.parse(Map.of("type", "tokens"), 2));
        String twice = BlindToken.formatAll(List.of(tokens.get(0), tokens.get(0)));
        assertFault(Fault.DUPLICATE, () -> TokenPayload.parse(Map.of("type", "tokens", "tokens", twice), 2));
    }

    /** Nothing about a token that is written anywhere by accident is worth anything. */
    @Test
    @Requirement({"F-TK-7", "T38"})
    void toString_ofTokensRequestsAndResponses_isNoMoney() throws Exception {
        BlindToken token = BlindTokenTest.token(TestTokenKeys.get(0), 1);
        PendingToken pending = BlindTokenTest.pending(TestTokenKeys.publicKey(0), 1);

        assertThat(token.toString())
                .isEqualTo("BlindToken[serial=" + token.serial().text() + "]");
        assertThat(pending.request().toString()).hasSizeLessThan(40);
        assertThat(pending.toString()).doesNotContain(pending.request().toString());
        assertThat(new TokenResponse(new byte[256]).toString()).isEqualTo("TokenResponse[256 bytes]");
    }
}
