package org.farthing.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.MemberChanges;
import org.farthing.testing.MemberChanges.Change;
import org.farthing.testing.Mutations;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bodies of an issuer's routes, and their answers. */
@Requirement({"F-TK-25", "F-TK-26"})
class TokenBodiesTest {

    private static final List<TokenRequest> REQUESTS = List.of(
            BlindTokenTest.pending(TestTokenKeys.publicKey(0), 1).request(),
            BlindTokenTest.pending(TestTokenKeys.publicKey(1), 2).request());
    private static final List<TokenResponse> RESPONSES = List.of(response(1), response(2));
    private static final List<BlindToken> TOKENS = List.of(unsigned(1), unsigned(2));
    private static final Credential CREDENTIAL =
            Credential.of(ReferenceVector.CHALLENGE, null, TokenPayload.toPayload(TOKENS));

    private static TokenResponse response(int number) {
        byte[] bytes = new byte[256];
        bytes[0] = (byte) number;
        return new TokenResponse(bytes);
    }

    private static BlindToken unsigned(int number) {
        byte[] signed = BlindToken.signed(new byte[32], BlindTokenTest.CHALLENGE.digest(), new byte[32]);
        signed[9] = (byte) number;
        return BlindToken.of(signed, new byte[256]);
    }

    private interface Codec {
        String rewrite(byte[] body) throws MalformedException;
    }

    /** Each body with how it is read and written. */
    @SuppressWarnings("ImmutableEnumChecker") // method references without state
    enum Sample {
        PURCHASE(
                new PurchaseBody(REQUESTS).format(),
                body -> PurchaseBody.parse(body).format()),
        SWAP(
                new SwapBody(BlindTokenTest.CHALLENGE, TOKENS, REQUESTS).format(),
                body -> SwapBody.parse(body).format()),
        REDEMPTION(
                new RedemptionBody(BlindTokenTest.CHALLENGE, TOKENS).format(),
                body -> RedemptionBody.parse(body).format()),
        REFUND(
                new RefundBody(CREDENTIAL, REQUESTS).format(),
                body -> RefundBody.parse(body).format()),
        RESPONSES(
                new TokenResponses(TokenBodiesTest.RESPONSES).format(),
                body -> TokenResponses.parse(body, 2).format()),
        RESTORED(
                new RestoreAnswer(List.of(Optional.empty(), Optional.of(response(1)), Optional.empty())).format(),
                body -> RestoreAnswer.parse(body, 3).format()),
        REDEEMED(
                new RedemptionAnswer(List.of(RedemptionAnswer.Result.values()), Amount.of(7)).format(),
                body -> RedemptionAnswer.parse(body, 5).format());

        final String json;
        final Codec codec;

        Sample(String json, Codec codec) {
            this.json = json;
            this.codec = codec;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"F-TK-27", "F-TK-28", "F-TK-29"})
    void parse_ofWhatWasWritten_readsBack(Sample sample) throws Exception {
        assertThat(sample.codec.rewrite(sample.json.getBytes(UTF_8))).isEqualTo(sample.json);
    }

    @ParameterizedTest
    @EnumSource
    void parse_anyMemberChanged_refusedOrIgnored(Sample sample) throws Exception {
        for (Change change : MemberChanges.of(sample.json)) {
            String where = change.kind() + " " + change.path();
            if (change.kind() == MemberChanges.Kind.ADDED) {
                assertThat(sample.codec.rewrite(change.json().getBytes(UTF_8)))
                        .as(where)
                        .isEqualTo(sample.json);
            } else {
                try {
                    sample.codec.rewrite(change.json().getBytes(UTF_8));
                    throw new AssertionError("accepted: " + where);
                } catch (MalformedException e) {
                    assertThat(Set.of(Fault.MISSING, Fault.TYPE)).as(where).contains(e.fault());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void parse_cutAnywhere_onlyMalformed(Sample sample) {
        for (int length = 0; length < sample.json.length(); length += 7) {
            Mutations.assertOnlyMalformed(
                    text -> sample.codec.rewrite(text.getBytes(UTF_8)), sample.json.substring(0, length));
        }
    }

    @Test
    @Requirement("F-TK-8")
    void parse_repeatedRecords_malformed() {
        String twice = new PurchaseBody(List.of(REQUESTS.get(0), REQUESTS.get(0))).format();
        assertFault(Fault.DUPLICATE, "requests", () -> PurchaseBody.parse(twice.getBytes(UTF_8)));
        String spent = new SwapBody(BlindTokenTest.CHALLENGE, List.of(TOKENS.get(0), TOKENS.get(0)), REQUESTS).format();
        assertFault(Fault.DUPLICATE, "tokens", () -> SwapBody.parse(spent.getBytes(UTF_8)));
    }

    @Test
    void parse_mostAndMoreThanMost_acceptedAndRefused() throws Exception {
        List<TokenRequest> most = new ArrayList<>();
        byte[] blinded = new byte[256];
        for (int i = 0; i < Denominations.MAX_TOKENS; i++) {
            blinded[5] = (byte) i;
            most.add(new TokenRequest(i, blinded));
        }
        List<BlindToken> tokens = new ArrayList<>();
        for (int i = 0; i < Denominations.MAX_TOKENS; i++) {
            tokens.add(unsigned(i));
        }
        SwapBody swap = new SwapBody(BlindTokenTest.CHALLENGE, tokens, most);

        assertThat(SwapBody.parse(swap.format().getBytes(UTF_8))).isEqualTo(swap);
        blinded[6] = 1;
        most.add(new TokenRequest(0, blinded));
        String more = "{\"requests\":\"" + TokenRequest.formatAll(most) + "\"}";
        assertFault(Fault.TOO_LARGE, () -> PurchaseBody.parse(more.getBytes(UTF_8)));
        assertThatThrownBy(() -> new PurchaseBody(most)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PurchaseBody(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SwapBody(BlindTokenTest.CHALLENGE, List.of(), REQUESTS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A payee that took a thousand tokens of one key can compare them: its own reader takes what an issuer may send. */
    @Test
    @Requirement("F-TK-151")
    void redeemedPage_asLongAsAllowed_readsBack() throws Exception {
        List<TokenSerial> serials = new ArrayList<>();
        for (int i = 0; i < RedeemedPage.MAX_SERIALS; i++) {
            byte[] serial = new byte[16];
            serial[0] = (byte) (i >> 8);
            serial[1] = (byte) i;
            serials.add(TokenSerial.of(serial));
        }
        RedeemedPage page = page(serials);

        assertThat(RedeemedPage.parse(page.format().getBytes(UTF_8))).isEqualTo(page);
        String more = page.format().replace("\"serials\":\"", "\"serials\":\"" + "A".repeat(64));
        assertFault(Fault.TOO_LARGE, () -> RedeemedPage.parse(more.getBytes(UTF_8)));
        String one = page(serials.subList(1, 2)).format();
        byte[] equal = one.replace(serials.get(1).text(), Base64Url.encode(new byte[48]))
                .getBytes(UTF_8);
        assertFault(Fault.VALUE, () -> RedeemedPage.parse(equal));
    }

    private static RedeemedPage page(List<TokenSerial> serials) {
        return new RedeemedPage(
                List.of(new RedeemedPage.OfKey(
                        TestTokenKeys.publicKey(0).keyId(), Amount.of(16), new CurrencyId("usd.e4"), serials)),
                null);
    }

    @Test
    @Requirement({"F-TK-27", "F-TK-28", "F-TK-29"})
    void answers_withAnotherNumberThanAsked_malformed() {
        byte[] two = new TokenResponses(RESPONSES).format().getBytes(UTF_8);
        assertFault(Fault.VALUE, () -> TokenResponses.parse(two, 1));
        assertFault(Fault.VALUE, () -> TokenResponses.parse(two, 3));
        byte[] none = new RestoreAnswer(List.of(Optional.empty())).format().getBytes(UTF_8);
        assertFault(Fault.VALUE, () -> RestoreAnswer.parse(none, 2));
        byte[] liar = ("{\"issued\":\"11\",\"responses\":\"" + TokenResponse.formatAll(List.of(response(1))) + "\"}")
                .getBytes(UTF_8);
        assertFault(Fault.VALUE, "body.responses", () -> RestoreAnswer.parse(liar, 2));
        byte[] words = "{\"results\":\"accepted spent\",\"amount\":\"1\"}".getBytes(UTF_8);
        assertFault(Fault.VALUE, () -> RedemptionAnswer.parse(words, 1));
        assertFault(Fault.VALUE, () -> RedemptionAnswer.parse(words, 3));
        byte[] unknown = "{\"results\":\"Accepted\",\"amount\":\"1\"}".getBytes(UTF_8);
        assertFault(Fault.VALUE, () -> RedemptionAnswer.parse(unknown, 1));
    }

    /** Who repeats a swap in other words repeats it; who changes it makes another. */
    @Test
    void owner_ofASwap_isOfItsMeaning() throws Exception {
        SwapBody swap = new SwapBody(BlindTokenTest.CHALLENGE, TOKENS, REQUESTS);
        SwapBody spaced = SwapBody.parse((" " + swap.format().replaceFirst("\\{", "{\"x\":[],")).getBytes(UTF_8));
        SwapBody other = new SwapBody(BlindTokenTest.CHALLENGE, TOKENS, List.of(REQUESTS.get(0)));

        assertThat(spaced.owner()).isEqualTo(swap.owner()).hasSize(43);
        assertThat(other.owner()).isNotEqualTo(swap.owner());
    }

    @Test
    void refund_credentialWithASpace_malformed() {
        String json = new RefundBody(CREDENTIAL, REQUESTS).format();
        assertFault(
                Fault.SYNTAX,
                () -> RefundBody.parse(
                        json.replace("\"credential\":\"", "\"credential\":\" ").getBytes(UTF_8)));
    }
}
