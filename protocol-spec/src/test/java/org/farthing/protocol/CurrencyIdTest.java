package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-MO-10", "F-MO-11", "F-MO-12", "T30"})
class CurrencyIdTest {

    @ParameterizedTest
    @CsvSource({
        "usd, 2, usd",
        "eur, 2, eur",
        "jpy, 0, jpy",
        "kwd, 3, kwd",
        "clf, 4, clf",
        "usd.e0, 0, usd",
        "usd.e2, 2, usd",
        "usd.e6, 6, usd",
        "usd.e12, 12, usd",
        "jpy.e6, 6, jpy",
        "unit:pages, 0, unit:pages",
        "unit:0, 0, unit:0"
    })
    void parse_legal_exponentAndCode(String text, int exponent, String code) throws MalformedException {
        CurrencyId currency = CurrencyId.parse(text, "x");

        assertThat(currency.text()).isEqualTo(text).isEqualTo(currency.toString());
        assertThat(currency.exponent()).isEqualTo(exponent);
        assertThat(currency.code()).isEqualTo(code);
    }

    @Test
    void isoCodeAndUnitName_oneOfTheTwo() throws MalformedException {
        CurrencyId money = CurrencyId.parse("usd.e6", "x");
        CurrencyId unit = CurrencyId.parse("unit:tokens-2", "x");

        assertThat(money.isoCode()).contains("usd");
        assertThat(money.unitName()).isEmpty();
        assertThat(unit.isoCode()).isEmpty();
        assertThat(unit.unitName()).contains("tokens-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "us",
                "USD",
                "Usd",
                "usdx",
                "usd.",
                "usd.e",
                "usd.e13",
                "usd.e06",
                "usd.e-1",
                "usd.e+6",
                "usd.E6",
                "usd.e6 ",
                " usd",
                "usd.6",
                "usd,e6",
                "usd.e6.e6",
                "usd.e٦",
                "xyz",
                "xyz.e2",
                "xau",
                "xdr",
                "xxx",
                "xts",
                "hrk",
                "bgn",
                "unit:",
                "unit",
                "unit:A",
                "unit:pages ",
                "unit:pa ges",
                "unit:-a",
                "unit:a_b",
                "unit:a.b",
                "unit:é",
                "Unit:pages",
                "UNIT:pages",
                "unit:123456789012345678901234567890123",
                "MCR",
                "sat",
                "\u0455\u0501"
            })
    void parse_illegal_valueFault(String text) {
        assertFault(Fault.VALUE, "request.currency", () -> CurrencyId.parse(text, "request.currency"));
        assertThatThrownBy(() -> new CurrencyId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unitName_longest_thirtyTwo() throws MalformedException {
        String name = "a".repeat(32);

        assertThat(CurrencyId.parse("unit:" + name, "x").unitName()).contains(name);
    }

    /** The same worth, and two ids: a ledger keeps them apart. */
    @Test
    void equality_sameWorthOtherSpelling_different() {
        assertThat(new CurrencyId("usd")).isNotEqualTo(new CurrencyId("usd.e2"));
    }

    /** The specification prints the table; the code must not drift from it. */
    @Test
    void table_specification_same() throws IOException {
        Map<String, Integer> printed = printedTable();

        assertThat(printed).hasSizeGreaterThan(150);
        for (char a = 'a'; a <= 'z'; a++) {
            for (char b = 'a'; b <= 'z'; b++) {
                for (char c = 'a'; c <= 'z'; c++) {
                    String code = "" + a + b + c;
                    assertThat(IsoCurrencies.minorUnits(code)).as(code).isEqualTo(printed.get(code));
                }
            }
        }
    }

    private static Map<String, Integer> printedTable() throws IOException {
        String chapter = Files.readString(Path.of("spec", "money.md"));
        Map<String, Integer> printed = new HashMap<>();
        Matcher block = Pattern.compile("```\\n(aed .*?)```", Pattern.DOTALL).matcher(chapter);
        assertThat(block.find()).isTrue();
        for (String code : block.group(1).trim().split("\\s+", -1)) {
            printed.put(code, 2);
        }
        Matcher row = Pattern.compile("\\| (\\d) \\| ((?:[a-z]{3} ?)+) \\|").matcher(chapter);
        while (row.find()) {
            for (String code : row.group(2).split(" ", -1)) {
                printed.put(code, Integer.valueOf(row.group(1)));
            }
        }
        return printed;
    }

    /** An independent source of the minor units, for every code it knows too. */
    @Test
    void table_jdkCurrencyData_agreesWhereItKnowsTheCode() {
        int compared = 0;
        for (Currency currency : Currency.getAvailableCurrencies()) {
            Integer ours = IsoCurrencies.minorUnits(currency.getCurrencyCode().toLowerCase(Locale.ROOT));
            if (ours != null) {
                assertThat(ours).as(currency.getCurrencyCode()).isEqualTo(currency.getDefaultFractionDigits());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(150);
    }

    @Property(tries = 3000)
    void parse_anything_idOrMalformed(@ForAll("texts") String text) {
        Mutations.assertOnlyMalformed(
                t -> assertThat(CurrencyId.parse(t, "x").exponent()).isBetween(0, 12), text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Mutations.of("usd", "usd.e6", "eur.e12", "unit:pages");
    }
}
