package org.farthing.server.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfferTest {

    @ParameterizedTest
    @CsvSource({"0.002usd,2000,usd.e6", "1.5eur,1500000,eur.e6", "0.0000001usd,1,usd.e7", "0usd,0,usd.e6"})
    void of_moneyForPeople_isExactInBaseUnits(String price, long baseUnits, String currency) {
        Offer offer = Offer.of(price).build();
        assertThat(offer.amount().baseUnits()).isEqualTo(baseUnits);
        assertThat(offer.currency().text()).isEqualTo(currency);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "usd", "-1usd", "1.2.3usd", "0.002", "0.0000000000001usd", "1 qqq", "free"})
    @Requirement("F-SV-50")
    void of_noAmountOfMoney_isRefused(String price) {
        assertThatIllegalArgumentException().isThrownBy(() -> Offer.of(price));
    }

    @Test
    void build_defaults_holdAndBindExactly() {
        Offer offer = Offer.of("0.002usd").build();
        assertThat(offer.binding()).isEqualTo(BindingMode.EXACT);
        assertThat(offer.capture()).isEqualTo(CaptureMode.HOLD);
        assertThat(offer.maxDuration()).isEqualTo(Duration.ofSeconds(60));
        assertThat(offer.holdLimit()).isEqualTo(65_536);
        assertThat(offer.repeatable()).isFalse();
        assertThat(offer.chargeNotModified()).isFalse();
        assertThat(offer.upTo()).isFalse();
    }

    @Test
    void build_upfrontAndUpTo_isRefused() {
        Offer.Builder builder = Offer.of("0.002usd").upfront().upTo();
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("HOLD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "a b",
                "a|b",
                "a/b",
                "ä",
                "0123456789012345678901234567890123456789012345678901234567890123x"
            })
    void build_routeIdOutsideItsGrammar_isRefused(String id) {
        Offer.Builder builder = Offer.of("0.002usd").routeId(id);
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @Test
    void build_limitsThatCannotBe_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Offer.of("1usd").maxDuration(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Offer.of("1usd").holdLimit(-1).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Wallet", "wallet/charge", "*", "abcdefghijklmnopqrstuvwxyzabcdefg"})
    @Requirement("S15")
    void build_methodOutsideItsGrammar_isRefused(String method) {
        Offer.Builder builder = Offer.of("1usd").methods(method);
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("a to z");
    }

    @Test
    @Requirement({"F-PA-1", "F-PA-2"})
    void build_passOutOfItsLimits_isRefused() {
        Offer.Builder builder = Offer.of("1usd");
        assertThat(builder.pass(Duration.ofMillis(1_999)).build().pass()).isEqualTo(Duration.ofSeconds(1));
        assertThat(builder.pass(Duration.ofHours(23)).build().pass()).isEqualTo(Offer.MAX_PASS);
        assertThat(builder.pass(null).build().pass()).isNull();
        for (Duration wrong :
                List.of(Duration.ofMillis(999), Duration.ofHours(-1), Duration.ofSeconds(23 * 3600 + 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(builder.pass(wrong)::build)
                    .withMessageContaining("23 hours");
        }
        builder.pass(Duration.ofHours(23));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxDuration(Duration.ofMinutes(61)).build())
                .withMessageContaining("24 hours");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Offer.of("1usd")
                        .pass(Duration.ofHours(1))
                        .binding(BindingMode.ROUTE)
                        .build())
                .withMessageContaining("exact binding");
        Offer pass = Offer.of("1usd").pass(Duration.ofHours(1)).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceList.builder().charge(Set.of("POST"), "/a", pass))
                .withMessageContaining("GET and HEAD");
    }

    @Test
    @Requirement("F-SV-26")
    void isFor_namedMethodsOnly_orAllIfNoneIsNamed() {
        assertThat(Offer.of("1usd").build().isFor("coin")).isTrue();
        Offer credits = Offer.of("1 unit:pages").methods("wallet").build();
        assertThat(credits.isFor("wallet")).isTrue();
        assertThat(credits.isFor("coin")).isFalse();
    }
}
