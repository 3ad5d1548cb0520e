package org.farthing.server.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

class PriceListTest {

    private static final Offer CHEAP = Offer.of("0.001usd").routeId("cheap").build();
    private static final Offer DEAR = Offer.of("0.02usd").routeId("dear").build();

    @Test
    void find_pathWithoutEntry_isFree() {
        PriceList prices = PriceList.builder().charge("/docs/*", CHEAP).build();
        assertThat(prices.find("GET", "/other")).isEmpty();
        assertThat(PriceList.builder().build().find("GET", "/docs/a")).isEmpty();
    }

    @Test
    void find_severalPathSpecs_mostSpecificWins() {
        PriceList prices = PriceList.builder()
                .charge("/docs/*", CHEAP)
                .charge("/docs/book/*", DEAR)
                .free("/docs/book/cover")
                .build();
        assertThat(id(prices, "GET", "/docs/a")).isEqualTo("cheap");
        assertThat(id(prices, "GET", "/docs/book/1")).isEqualTo("dear");
        assertThat(prices.find("GET", "/docs/book/cover")).isEmpty();
    }

    @Test
    void find_moreSpecificEntryIsForAnotherMethod_lessSpecificOneCharges() {
        PriceList prices = PriceList.builder()
                .charge("/docs/*", CHEAP)
                .charge(Set.of("POST"), "/docs/book", DEAR)
                .build();
        assertThat(id(prices, "POST", "/docs/book")).isEqualTo("dear");
        assertThat(id(prices, "GET", "/docs/book")).isEqualTo("cheap");
    }

    @Test
    @Requirement({"T63", "F-SV-21"})
    void find_headWithoutEntryOfItsOwn_costsWhatGetCosts() {
        PriceList prices =
                PriceList.builder().charge(Set.of("GET"), "/docs/*", CHEAP).build();
        assertThat(id(prices, "HEAD", "/docs/a")).isEqualTo("cheap");
        assertThat(prices.find("POST", "/docs/a")).isEmpty();
    }

    @Test
    @Requirement({"T63", "F-SV-21"})
    void find_headDeclaredFree_isFree() {
        PriceList prices = PriceList.builder()
                .charge("/docs/*", CHEAP)
                .free(Set.of("HEAD"), "/docs/*")
                .build();
        assertThat(prices.find("HEAD", "/docs/a")).isEmpty();
        assertThat(id(prices, "GET", "/docs/a")).isEqualTo("cheap");
    }

    @Test
    @Requirement({"T63", "F-SV-22"})
    void find_options_isChargedOnlyWhereNamed() {
        PriceList prices = PriceList.builder()
                .charge("/docs/*", CHEAP)
                .charge(Set.of("OPTIONS"), "/named", DEAR)
                .build();
        assertThat(prices.find("OPTIONS", "/docs/a")).isEmpty();
        assertThat(id(prices, "OPTIONS", "/named")).isEqualTo("dear");
    }

    @Test
    @Requirement("F-SV-22")
    void hasPrice_anyMethodIsCharged_isTrue() {
        PriceList prices = PriceList.builder()
                .charge("/docs/*", CHEAP)
                .charge(Set.of("POST"), "/orders", DEAR)
                .free("/docs/open")
                .build();
        assertThat(prices.hasPrice("/docs/a")).isTrue();
        assertThat(prices.hasPrice("/orders")).isTrue();
        assertThat(prices.hasPrice("/docs/open")).isFalse();
        assertThat(prices.hasPrice("/")).isFalse();
    }

    @Test
    @Requirement("T63")
    void find_methodInAnotherCase_costsTheSame() {
        PriceList prices =
                PriceList.builder().charge(Set.of("GET"), "/docs/*", CHEAP).build();
        assertThat(id(prices, "get", "/docs/a")).isEqualTo("cheap");
        assertThat(id(prices, "Head", "/docs/a")).isEqualTo("cheap");
        PriceList all = PriceList.builder().charge("/docs/*", CHEAP).build();
        assertThat(id(all, "BREW", "/docs/a")).isEqualTo("cheap");
    }

    @Test
    void find_suffixAndRegexSpecs_match() {
        PriceList prices = PriceList.builder()
                .charge("*.pdf", CHEAP)
                .charge("^/v[0-9]+/.*$", DEAR)
                .build();
        assertThat(id(prices, "GET", "/a/b.pdf")).isEqualTo("cheap");
        assertThat(id(prices, "GET", "/v2/x")).isEqualTo("dear");
        assertThat(prices.find("GET", "/vx/x")).isEmpty();
    }

    @Test
    void builder_twoEntriesForOneMethodAndPath_isRefused() {
        PriceList.Builder builder = PriceList.builder().charge(Set.of("GET"), "/a", CHEAP);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.free(Set.of("get"), "/a"));
        PriceList.Builder all = PriceList.builder().charge("/a", CHEAP);
        assertThatIllegalArgumentException().isThrownBy(() -> all.free("/a"));
    }

    @Test
    @Requirement("T4")
    void builder_twoRoutesWithOneId_isRefused() {
        PriceList.Builder builder = PriceList.builder().charge("/a", CHEAP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.charge("/b", CHEAP))
                .withMessageContaining("cheap");
    }

    @Test
    void builder_offerWithoutRouteId_isNamedStablyAfterMethodsAndPath() {
        Offer unnamed = Offer.of("0.001usd").build();
        PriceList first = PriceList.builder().charge("/docs/*", unnamed).build();
        PriceList again = PriceList.builder()
                .charge("/docs/*", unnamed)
                .charge("/docs-", unnamed)
                .build();
        assertThat(id(first, "GET", "/docs/a")).isEqualTo(id(again, "GET", "/docs/a"));
        assertThat(id(again, "GET", "/docs-")).isNotEqualTo(id(again, "GET", "/docs/a"));
        assertThat(id(first, "GET", "/docs/a")).matches("docs-[A-Za-z0-9]{8}");
    }

    private static String id(PriceList prices, String method, String path) {
        return prices.find(method, path).orElseThrow().id();
    }

    @Test
    @Requirement("F-SV-26")
    void charge_severalOffers_areOneRouteWithTheNameOfTheFirstThatHasOne() {
        Offer euros = Offer.of("0.001eur").build();
        PriceList prices = PriceList.builder()
                .charge(Set.of(), "/docs/*", List.of(euros, CHEAP))
                .build();
        Route route = prices.find("GET", "/docs/a").orElseThrow();
        assertThat(route.id()).isEqualTo("cheap");
        assertThat(route.offers()).extracting(offer -> offer.offer().routeId()).containsExactly("cheap", "cheap");
        assertThat(prices.routes()).hasSize(1);
    }

    @Test
    @Requirement("F-SV-26")
    void charge_offersThatDoNotGoTogether_areRefused() {
        Offer euros = Offer.of("0.001eur").build();
        refused("1 to 8 offers", List.of());
        refused(
                "1 to 8 offers",
                IntStream.range(0, 9)
                        .mapToObj(i -> Offer.of("1 unit:u" + i).build())
                        .toList());
        refused("two offers in eur.e6", List.of(euros, Offer.of("2eur").build()));
        refused(
                "two offers in eur.e6",
                List.of(euros, Offer.of("2eur").methods("coin").build()));
        refused("one route id", List.of(CHEAP, DEAR));
        refused(
                "one binding",
                List.of(CHEAP, Offer.of("1eur").binding(BindingMode.ROUTE).build()));
        refused("repeating", List.of(CHEAP, Offer.of("1eur").repeatable().build()));
        Offer coins = Offer.of("2eur").methods("coin").build();
        Offer orders = Offer.of("3eur").methods("wallet", "token").build();
        PriceList.Builder list = PriceList.builder().charge(Set.of(), "/docs/*", List.of(coins, orders));
        assertThat(list.build().routes()).hasSize(1);
    }

    private static void refused(String why, List<Offer> offers) {
        PriceList.Builder list = PriceList.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> list.charge(Set.of(), "/docs/*", offers))
                .withMessageContaining(why);
    }
}
