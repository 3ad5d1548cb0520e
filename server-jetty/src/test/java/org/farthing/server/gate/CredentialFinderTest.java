package org.farthing.server.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.server.gate.CredentialFinder.Ambiguous;
import org.farthing.server.gate.CredentialFinder.Found;
import org.farthing.server.gate.CredentialFinder.None;
import org.farthing.server.gate.CredentialFinder.One;
import org.farthing.server.offer.CredentialField;
import org.farthing.testing.Requirement;

/** Exactly one credential in exactly one field, or none, or a refusal (T49, T50; F-CR-3 to F-CR-5). */
@Requirement({"T49", "T50", "S52", "F-CR-3", "F-CR-4", "F-CR-5"})
class CredentialFinderTest {

    private static final String TOKEN = "Payment eyJhIjoxfQ";

    @Example
    void find_oneLineWithOneCredential_isThatOne() {
        assertThat(find(TOKEN)).isEqualTo(new One(CredentialField.AUTHORIZATION, TOKEN));
        assertThat(find("pAyMeNt   x")).isEqualTo(new One(CredentialField.AUTHORIZATION, "pAyMeNt   x"));
        assertThat(CredentialFinder.find(List.of(), List.of(TOKEN)))
                .isEqualTo(new One(CredentialField.PAYMENT_AUTHORIZATION, TOKEN));
        assertThat(CredentialFinder.find(List.of("Bearer a"), List.of(TOKEN)))
                .isEqualTo(new One(CredentialField.PAYMENT_AUTHORIZATION, TOKEN));
        assertThat(find("Payment")).isInstanceOf(One.class);
        assertThat(find("Payment\tx")).isInstanceOf(One.class);
    }

    @Example
    void find_otherSchemes_areNone() {
        for (String line : new String[] {
            "",
            "Bearer x",
            "Payments x",
            "Digest a=\"Payment x, Payment y\", b=c",
            "Digest a=\"\\\", Payment x\"",
            "x Payment y"
        }) {
            assertThat(find(line)).isInstanceOf(None.class);
        }
        assertThat(CredentialFinder.find(List.of(), List.of())).isInstanceOf(None.class);
    }

    @Example
    void find_moreThanOne_isAmbiguous() {
        for (String line : new String[] {
            TOKEN + ", " + TOKEN,
            "Bearer x, " + TOKEN,
            TOKEN + ",Bearer x",
            TOKEN + ",",
            "," + TOKEN,
            "Digest a=\"b\", Payment"
        }) {
            assertThat(find(line)).isInstanceOf(Ambiguous.class);
        }
        assertThat(CredentialFinder.find(List.of("Bearer a", "Bearer b"), List.of()))
                .isInstanceOf(Ambiguous.class);
        assertThat(CredentialFinder.find(List.of(TOKEN), List.of(TOKEN))).isInstanceOf(Ambiguous.class);
        assertThat(CredentialFinder.find(List.of(), List.of(TOKEN, TOKEN))).isInstanceOf(Ambiguous.class);
    }

    @Property
    void find_anyLine_oneOnlyWithoutACommaAndWithTheSchemeInFront(@ForAll("lines") String line) {
        if (find(line) instanceof One one) {
            assertThat(one.value()).isEqualTo(line).doesNotContain(",");
            assertThat(line.strip().toLowerCase(Locale.ROOT)).startsWith("payment");
        }
    }

    @Property
    void find_credentialHiddenInAList_isNeverPassedOver(@ForAll("lines") String before) {
        // Whatever stands before, outside of quotes: a second reader might take the last element.
        boolean quoted = before.chars().filter(c -> c == '"').count() % 2 == 1 || before.contains("\\");
        if (!quoted) {
            assertThat(find(before + ", " + TOKEN)).isInstanceOf(Ambiguous.class);
        }
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of("Payment", "payment", "Bearer", " ", "\t", ",", "\"", "\\", "=", "x", "eyJ")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    private static Found find(String line) {
        return CredentialFinder.find(List.of(line), List.of());
    }
}
