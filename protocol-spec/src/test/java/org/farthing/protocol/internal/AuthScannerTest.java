package org.farthing.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.Assertions;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.AuthScanner.Scanned;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-CH-20", "F-CH-23", "C19"})
class AuthScannerTest {

    private static List<Scanned> scan(String field) {
        return AuthScanner.scan(field, "x");
    }

    /** The one challenge of a field, which must be without fault. */
    private static Scanned one(String field) {
        List<Scanned> found = scan(field);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).fault()).isNull();
        return found.get(0);
    }

    private static @Nullable Fault faultOf(Scanned scanned) {
        MalformedException fault = scanned.fault();
        return fault == null ? null : fault.fault();
    }

    @Test
    void scan_parameters_inOrderWithLowerCaseNames() {
        Scanned scanned = one("PayMENT ID=\"a\", Realm=\"B\",method=c");

        assertThat(scanned.scheme()).isEqualTo("payment");
        assertThat(scanned.params())
                .containsExactly(Map.entry("id", "a"), Map.entry("realm", "B"), Map.entry("method", "c"));
        assertThat(scanned.token68()).isNull();
    }

    @Test
    void scan_whiteSpaceAroundEqualsAndCommas_skipped() {
        assertThat(one("Payment   id \t= \t\"a\" \t, \t realm= b\t,method =c  ").params())
                .isEqualTo(Map.of("id", "a", "realm", "b", "method", "c"));
    }

    @Test
    void scan_emptyListElements_skipped() {
        assertThat(one(",, ,Payment ,,id=a,,\t,realm=b,,").params()).isEqualTo(Map.of("id", "a", "realm", "b"));
    }

    @Test
    void scan_quotedPairs_resolved() {
        assertThat(one("Payment a=\"x\\\"y\\\\z\\w\", b=\"\\\\\"").params())
                .isEqualTo(Map.of("a", "x\"y\\zw", "b", "\\"));
    }

    @Test
    void scan_emptyQuotedValue_kept() {
        assertThat(one("Payment a=\"\",b=\"\"").params()).isEqualTo(Map.of("a", "", "b", ""));
    }

    @Test
    void scan_everyTokenCharacter_read() {
        assertThat(one("Payment a!#$%&'*+-.^_`|~9=!#$%&'*+-.^_`|~9").params())
                .isEqualTo(Map.of("a!#$%&'*+-.^_`|~9", "!#$%&'*+-.^_`|~9"));
    }

    @Test
    void scan_otherSchemesBeside_eachOnItsOwn() {
        List<Scanned> found = scan(
                "Basic realm=\"r, Payment id=x\", charset=\"UTF-8\", Negotiate, Bearer abc==, Payment id=\"1\", L402 macaroon=\"m\"");

        assertThat(found)
                .extracting(Scanned::scheme)
                .containsExactly("basic", "negotiate", "bearer", "payment", "l402");
        assertThat(found).allSatisfy(scanned -> assertThat(scanned.fault()).isNull());
        assertThat(found.get(0).params())
                .containsEntry("realm", "r, Payment id=x")
                .containsEntry("charset", "UTF-8");
        assertThat(found.get(2).token68()).isEqualTo("abc==");
        assertThat(found.get(3).params()).isEqualTo(Map.of("id", "1"));
    }

    @Test
    void scan_twoPaymentsInOneField_two() {
        assertThat(scan("Payment id=1, realm=a, Payment id=2, realm=b"))
                .extracting(Scanned::params)
                .containsExactly(Map.of("id", "1", "realm", "a"), Map.of("id", "2", "realm", "b"));
    }

    @Test
    void scan_token68OrParameter_whatFollowsTheEqualsDecides() {
        assertThat(one("Basic abc").token68()).isEqualTo("abc");
        assertThat(one("Basic abc=").token68()).isEqualTo("abc=");
        assertThat(one("Basic abc== ").token68()).isEqualTo("abc==");
        assertThat(one("Basic a/b+c~_.-").token68()).isEqualTo("a/b+c~_.-");
        assertThat(one("Basic abc=d").params()).isEqualTo(Map.of("abc", "d"));
        assertThat(one("Basic abc = d").params()).isEqualTo(Map.of("abc", "d"));
        assertThat(one("Basic abc=\"\"").params()).isEqualTo(Map.of("abc", ""));
    }

    @Test
    void scan_schemeAlone_challengeWithoutParameters() {
        assertThat(one("Payment").params()).isEmpty();
        assertThat(one("Payment ").params()).isEmpty();
        assertThat(one("Payment , id=a").params()).isEqualTo(Map.of("id", "a"));
    }

    @Test
    void scan_nothing_nothing() {
        assertThat(scan("")).isEmpty();
        assertThat(scan(" , ,\t")).isEmpty();
    }

    /** A scheme can have the name of a parameter and the other way round; only what follows counts. */
    @Test
    void scan_parameterNamedPayment_isNoScheme() {
        assertThat(one("Payment payment=a, Payment=b".replace("Payment=b", "x=b"))
                        .params())
                .isEqualTo(Map.of("payment", "a", "x", "b"));
        assertThat(faultOf(scan("Payment payment=a, Payment=b").get(0))).isEqualTo(Fault.DUPLICATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Payment a=1, a=2", "Payment a=1, A=\"1\"", "Payment a=1, b=2, a=\"\"", "Payment meta=1, META=1"
            })
    @Requirement("F-CH-21")
    void scan_parameterTwice_duplicate(String field) {
        assertThat(scan(field))
                .hasSize(1)
                .allSatisfy(s -> assertThat(faultOf(s)).isEqualTo(Fault.DUPLICATE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Payment id=\"a",
                "Payment id=\"",
                "Payment id=\"a\\",
                "Payment id=\"a\\\"",
                "Payment id=,x=1",
                "Payment id==\"a\"",
                "Payment id=a b",
                "Payment id=a\"b\"",
                "Payment id=\u00e9",
                "Payment id=sha-256=:x:=:",
                "Payment\tid=a",
                "Payment \tid=a",
                "Payment a b",
                "Payment a b=c",
                "Payment @",
                "Payment abc, id=a",
                "Payment id=\"a\u0000\"",
                "Payment id=\"a\rb\"",
                "Payment id=\"a\nb\"",
                "Payment id=\"a\\\nb\"",
                "Payment id=\"a\u007fb\"",
                "Payment id=a, =b",
                "Payment id=a, \"b\"",
                "Payment id=a, (c)=d",
                "Payment id={a}"
            })
    @Requirement({"F-CH-22", "T34", "T50"})
    void scan_brokenChallenge_syntaxFault(String field) {
        assertThat(scan(field))
                .filteredOn(s -> s.scheme().equals("payment"))
                .hasSize(1)
                .allSatisfy(s -> assertThat(faultOf(s)).isEqualTo(Fault.SYNTAX));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=",
                "id=a",
                "Payment =a",
                "\"Payment id=a\"",
                "@",
                "Payment@ id=a",
                "Payment\"a\"",
                "\u00a0Payment id=a"
            })
    void scan_textThatBelongsToNoChallenge_reported(String field) {
        assertThat(scan(field)).isNotEmpty().allSatisfy(s -> {
            assertThat(s.scheme()).isEmpty();
            assertThat(faultOf(s)).isEqualTo(Fault.SYNTAX);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Payment id=a b, Payment id=2",
                "Payment a=1, a=2, Payment id=2",
                "Payment =\"x\", Payment id=2",
                "Payment @, Payment id=2",
                "@, Payment id=2",
                "Payment\tid=a, Payment id=2",
                "Payment id=\"\u0001\", Payment id=2",
                "Payment id=a\"b, Payment id=9\", Payment id=2"
            })
    @Requirement("F-CH-24")
    void scan_brokenChallengeBefore_goodOneFound(String field) {
        assertThat(scan(field))
                .filteredOn(s -> s.fault() == null)
                .extracting(Scanned::params)
                .containsExactly(Map.of("id", "2"));
        assertThat(scan(field)).filteredOn(s -> s.fault() != null).hasSize(1);
    }

    @Test
    @Requirement("F-CH-25")
    void scan_textAfterAClosingQuote_endsTheField() {
        assertThat(one("Payment id=\"a\", realm=\"b\" and more, method=\"c\", Payment id=\"2\"")
                        .params())
                .isEqualTo(Map.of("id", "a", "realm", "b"));
        assertThat(one("Payment id=\"a\"\"b\"").params()).isEqualTo(Map.of("id", "a"));
        assertThat(one("Payment id=\"a\"=").params()).isEqualTo(Map.of("id", "a"));
    }

    /** Quadratic or recursive readers fail here: every input is as long as a field may be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\",
                "\\\\",
                "\"",
                "a",
                " ",
                "\t",
                ",",
                "=",
                "\",",
                "a=",
                "a=b,",
                "a ",
                "Payment ",
                "a=\"\\\"\" ",
                "a=\"b\", "
            })
    @Requirement({"F-EN-33", "T23"})
    void scan_longestFieldOfOnePattern_returns(String pattern) {
        String filler = pattern.repeat((AuthScanner.MAX_FIELD - 12) / pattern.length());

        assertThat(scan("Payment id=\"" + filler)).isNotEmpty();
        assertThat(scan("Payment id=" + filler)).isNotEmpty();
        assertThat(scan(filler)).isNotNull();
    }

    @Test
    @Requirement({"F-CH-22", "F-EN-33"})
    void scan_twelveThousandBackslashesUnterminated_oneFault() {
        assertThat(scan("Payment id=\"" + "\\".repeat(12_000)))
                .hasSize(1)
                .allSatisfy(s -> assertThat(faultOf(s)).isEqualTo(Fault.SYNTAX));
        assertThat(one("Payment id=\"" + "\\".repeat(12_000) + "\"").params().get("id"))
                .hasSize(6_000);
    }

    @Test
    @Requirement({"F-EN-30", "T23"})
    void scan_fieldLongerThanTheLimit_tooLarge() {
        String longest = "Payment id=" + "a".repeat(AuthScanner.MAX_FIELD - 11);

        assertThat(one(longest).params()).hasSize(1);
        assertThat(scan(longest + "a"))
                .hasSize(1)
                .allSatisfy(s -> assertThat(faultOf(s)).isEqualTo(Fault.TOO_LARGE));
    }

    @Property(tries = 5000)
    void scan_spoiltField_neverThrows(@ForAll("spoilt") String field) {
        Assertions.assertThatCode(() -> scan(field)).doesNotThrowAnyException();
    }

    @Property
    void scan_anyText_neverThrows(@ForAll("anyText") String field) {
        Assertions.assertThatCode(() -> scan(field)).doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of(
                "Payment id=\"a\\\"b\", realm=\"r\", method=wallet, Basic abc==, Payment id=\"2\"",
                "Basic realm=\"x, y\", Payment id = a , Negotiate");
    }

    @Provide
    Arbitrary<String> anyText() {
        return Mutations.anyText();
    }
}
