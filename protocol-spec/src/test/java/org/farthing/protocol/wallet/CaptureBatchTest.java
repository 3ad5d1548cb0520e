package org.farthing.protocol.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.wallet.CaptureBatch.Item;
import org.farthing.protocol.wallet.CaptureBatch.Op;
import org.farthing.protocol.wallet.CaptureResults.Outcome;
import org.farthing.protocol.wallet.CaptureResults.Result;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.testing.Malformed;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-WS-11", "F-WS-12", "F-WS-13"})
class CaptureBatchTest {

    private static final String JTI = ServicePurchase.TOKEN_ID;
    private static final String OTHER = Base64Url.encode(new byte[16]);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"items\":[]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"CAPTURE\",\"amount\":\"1\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"refund\",\"amount\":\"1\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"release\",\"amount\":\"1\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"release\",\"amount\":\"0\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\",\"amount\":\"-1\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"capture\",\"amount\":\"1000000000000000000\"}]}",
                "{\"items\":[{\"jti\":\"AAEC\",\"op\":\"release\"}]}",
                "{\"items\":[{\"jti\":\"AAECAwQFBgcICQoLDA0ODw\",\"op\":\"release\",\"rb\":\"AAEC\"}]}"
            })
    void parse_itemAgainstItsRule_value(String json) {
        Malformed.assertFault(Fault.VALUE, () -> CaptureBatch.parse(json.getBytes(UTF_8)));
    }

    @Test
    void parse_captureWithoutAmount_missingAtItsItem() {
        String json = "{\"items\":[{\"jti\":\"" + JTI + "\",\"op\":\"release\"},{\"jti\":\"" + JTI
                + "\",\"op\":\"capture\"}]}";

        Malformed.assertFault(Fault.MISSING, "body.items.1.amount", () -> CaptureBatch.parse(json.getBytes(UTF_8)));
    }

    @Test
    @Requirement("T23")
    void parse_hundredItems_readAndOneMoreTooLarge() throws Exception {
        CaptureBatch full = new CaptureBatch(
                Collections.nCopies(100, Item.capture(JTI, Amount.MAX, Base64Url.encode(new byte[32]))));
        String json = full.format();

        assertThat(json.length()).isLessThan(CaptureBatch.MAX_BYTES / 2);
        assertThat(CaptureBatch.parse(json.getBytes(UTF_8))).isEqualTo(full);
        String more = json.replace("[{", "[{\"jti\":\"" + JTI + "\",\"op\":\"release\"},{");
        Malformed.assertFault(Fault.TOO_LARGE, () -> CaptureBatch.parse(more.getBytes(UTF_8)));
    }

    @Test
    void constructors_brokenByProgram_refused() {
        Item item = Item.release(JTI, null);

        for (Runnable broken : List.<Runnable>of(
                () -> new CaptureBatch(List.of()),
                () -> new CaptureBatch(Collections.nCopies(101, item)),
                () -> new Item(JTI, Op.CAPTURE, null, null),
                () -> new Item(JTI, Op.RELEASE, Amount.ZERO, null),
                () -> new Item("x", Op.RELEASE, null, null),
                () -> new Item(JTI, Op.RELEASE, null, "x"),
                () -> new CaptureResults(List.of()),
                () -> new Result(JTI, Outcome.CAPTURED, null),
                () -> new Result(JTI, Outcome.ALREADY_CAPTURED, null),
                () -> new Result(JTI, Outcome.RELEASED, Amount.ZERO),
                () -> new Result(JTI, Outcome.UNKNOWN, Amount.ZERO),
                () -> new Result("x", Outcome.UNKNOWN, null),
                () -> new PaymentsPage(null, List.of(ServicePurchase.payment(State.HELD, 0, 0))))) {
            assertThatThrownBy(broken::run).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Result(JTI, Outcome.CONFLICT, Amount.ZERO).amount()).isEqualTo(Amount.ZERO);
    }

    /** A payee that took somebody else's result for its own would book money it does not have. */
    @Test
    void parse_resultsOfOtherItems_refused() throws Exception {
        CaptureBatch asked = new CaptureBatch(List.of(Item.release(JTI, null), Item.release(OTHER, null)));
        Result first = new Result(JTI, Outcome.RELEASED, null);
        Result second = new Result(OTHER, Outcome.RELEASED, null);

        CaptureResults answer = new CaptureResults(List.of(first, second));
        assertThat(CaptureResults.parse(answer.format().getBytes(UTF_8), asked)).isEqualTo(answer);
        for (List<Result> other : List.of(
                List.of(first), List.of(second, first), List.of(first, first), List.of(first, second, second))) {
            byte[] body = new CaptureResults(other).format().getBytes(UTF_8);
            Malformed.assertFault(Fault.VALUE, "body.results", () -> CaptureResults.parse(body, asked));
        }
    }

    @Test
    void outcome_texts_asTheSpecificationNamesThem() {
        assertThat(List.of(Outcome.values()))
                .extracting(Outcome::text)
                .containsExactly("captured", "already-captured", "released", "conflict", "expired", "unknown");
    }

    /** A service that names payers to payees is not believed, and what it said is not kept. */
    @Test
    @Requirement("F-WS-5")
    void parse_pageThatNamesPayers_leftOut() throws Exception {
        String page =
                "{\"payments\":[" + ServicePurchase.payment(State.HELD, 0, 0).format() + "]}";

        assertThat(PaymentsPage.parse(page.getBytes(UTF_8)).payments())
                .containsExactly(ServicePurchase.payment(State.HELD, 0, 0).withoutWallet());
    }
}
