package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.AcceptPayment.Range;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-AP-1", "F-AP-2", "S29", "C11"})
class AcceptPaymentTest {

    /** What a server offers, as method/intent. */
    private static List<String> rank(String field, String... offers) throws MalformedException {
        return AcceptPayment.parse(field)
                .rank(List.of(offers), o -> o.substring(0, o.indexOf('/')), o -> o.substring(o.indexOf('/') + 1));
    }

    @Test
    void parse_rangesAndWeights_read() throws MalformedException {
        assertThat(AcceptPayment.parse(
                                "wallet/charge, token/charge;q=0.5 ,\t*/session ; q=0,,wallet/*;Q=1.000,*/*;q=0.001")
                        .ranges())
                .containsExactly(
                        new Range("wallet", "charge", 1000),
                        new Range("token", "charge", 500),
                        new Range("*", "session", 0),
                        new Range("wallet", "*", 1000),
                        new Range("*", "*", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000",
        "1., 1000",
        "1.0, 1000",
        "1.000, 1000",
        "0, 0",
        "0., 0",
        "0.000, 0",
        "0.5, 500",
        "0.05, 50",
        "0.123, 123"
    })
    void parse_weight_thousandths(String weight, int thousandths) throws MalformedException {
        assertThat(AcceptPayment.parse("a/b;q=" + weight).thousandths("a", "b")).isEqualTo(thousandths);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "1.1", "1.001", "2", "0.1234", ".5", "-0.5", "+1", "0,5", "00.5", "1e0", "NaN", "0.a", "\"0.5\"",
                "٠", "0 .5"
            })
    void parse_weightThatIsNone_syntaxFault(String weight) {
        assertFault(Fault.SYNTAX, "Accept-Payment", () -> AcceptPayment.parse("a/b;q=" + weight));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "wallet",
                "wallet charge",
                "wallet/charge;",
                "wallet/charge;x=1",
                "wallet/charge;q=1;q=1",
                "wallet/charge;q",
                "wallet/charge;q =1",
                "wallet/charge;q= 1"
            })
    void parse_noRange_syntaxFault(String field) {
        assertFault(Fault.SYNTAX, () -> AcceptPayment.parse(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Wallet/charge",
                "wal*/charge",
                "wallet/char ge",
                "wallet/charge/x",
                "**/x",
                "w2/charge",
                "wallet/é"
            })
    void parse_illegalName_valueFault(String field) {
        assertFault(Fault.VALUE, "Accept-Payment", () -> AcceptPayment.parse(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/charge", "wallet/", "/"})
    void parse_emptyName_missing(String field) {
        assertFault(Fault.MISSING, () -> AcceptPayment.parse(field));
    }

    @Test
    @Requirement({"F-AP-1", "T23"})
    void parse_sixtyFourRangesReadOneMoreRefused() throws MalformedException {
        assertThat(AcceptPayment.parse("a/b,".repeat(64)).ranges()).hasSize(64);
        assertFault(Fault.TOO_LARGE, () -> AcceptPayment.parse("a/b,".repeat(65)));
        assertFault(Fault.TOO_LARGE, () -> AcceptPayment.parse("a/b" + " ".repeat(16_384)));
        assertThat(AcceptPayment.parse(",".repeat(16_000) + "a/b").ranges()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "wallet, charge, 100",
        "wallet, session, 200",
        "token, charge, 300",
        "token, session, 400",
        "other, subscription, 400"
    })
    @Requirement("F-AP-2")
    void thousandths_severalMatch_mostSpecificCounts(String method, String intent, int expected)
            throws MalformedException {
        String forwards = "wallet/charge;q=0.1, wallet/*;q=0.2, */charge;q=0.3, */*;q=0.4";
        String backwards = "*/*;q=0.4, */charge;q=0.3, wallet/*;q=0.2, wallet/charge;q=0.1";

        assertThat(AcceptPayment.parse(forwards).thousandths(method, intent)).isEqualTo(expected);
        assertThat(AcceptPayment.parse(backwards).thousandths(method, intent)).isEqualTo(expected);
    }

    @Test
    @Requirement("F-AP-2")
    void thousandths_equalRangesAndNoMatch_firstCountsAndZero() throws MalformedException {
        AcceptPayment accept = AcceptPayment.parse("a/b;q=0.3, a/b;q=0.9");

        assertThat(accept.thousandths("a", "b")).isEqualTo(300);
        assertThat(accept.thousandths("a", "c")).isZero();
        assertThat(accept.thousandths("b", "b")).isZero();
    }

    @Test
    @Requirement("F-AP-3")
    void rank_weights_fallingAndServersOrderAmongEquals() throws MalformedException {
        assertThat(rank("*/*;q=0.5, token/*", "wallet/charge", "token/charge", "card/charge", "token/session"))
                .containsExactly("token/charge", "token/session", "wallet/charge", "card/charge");
        assertThat(rank("wallet/charge, */session;q=0", "wallet/session", "wallet/charge", "token/charge"))
                .containsExactly("wallet/charge");
    }

    @Test
    @Requirement({"F-AP-5", "S10"})
    void rank_nothingAcceptable_everythingInServersOrder() throws MalformedException {
        assertThat(rank("card/*", "wallet/charge", "token/charge")).containsExactly("wallet/charge", "token/charge");
        assertThat(rank("*/*;q=0", "wallet/charge")).containsExactly("wallet/charge");
    }

    @Test
    @Requirement({"F-AP-4", "F-AP-5", "S30"})
    void orAll_absentOrUnreadable_everything() {
        assertThat(AcceptPayment.orAll(List.of())).isEqualTo(AcceptPayment.ALL);
        assertThat(AcceptPayment.orAll(List.of("garbage"))).isEqualTo(AcceptPayment.ALL);
        assertThat(AcceptPayment.orAll(List.of("wallet/charge", "garbage"))).isEqualTo(AcceptPayment.ALL);
        assertThat(AcceptPayment.ALL.thousandths("any", "thing")).isEqualTo(1000);
        assertThat(AcceptPayment.ALL.rank(List.of("b", "a"), o -> o, o -> o)).containsExactly("b", "a");
    }

    @Test
    @Requirement("F-AP-1")
    void orAll_severalFieldLines_oneList() throws MalformedException {
        assertThat(AcceptPayment.orAll(List.of("wallet/charge", "", "token/*;q=0.5")))
                .isEqualTo(AcceptPayment.parse("wallet/charge, token/*;q=0.5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wallet/charge", "wallet/charge, */*;q=0.1", "a/b;q=0, c/d;q=0.05, e/*;q=0.123, */f-2;q=0.9"})
    void format_parsed_sameText(String field) throws MalformedException {
        assertThat(AcceptPayment.parse(field).format()).isEqualTo(field);
    }

    @Test
    void constructors_illegal_refused() {
        assertThatThrownBy(() -> new AcceptPayment(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Range("A", "b", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Range("a", "b c", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Range("a", "b", -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Range("a", "b", 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void parse_formatted_sameRanges(@ForAll("lists") AcceptPayment accept) throws MalformedException {
        assertThat(AcceptPayment.parse(accept.format())).isEqualTo(accept);
    }

    @Property(tries = 2000)
    void parse_anything_rangesOrMalformed(@ForAll("spoilt") String field) {
        Mutations.assertOnlyMalformed(AcceptPayment::parse, field);
        assertThat(AcceptPayment.orAll(List.of(field)).ranges()).isNotEmpty();
    }

    @Provide
    Arbitrary<AcceptPayment> lists() {
        return Combinators.combine(
                        Arbitraries.of("*", "wallet", "token", "a"),
                        Arbitraries.of("*", "charge", "session", "A-1"),
                        Arbitraries.integers().between(0, 1000))
                .as(Range::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(AcceptPayment::new);
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of("wallet/charge, token/charge;q=0.5, */*;q=0", "wallet/*");
    }
}
