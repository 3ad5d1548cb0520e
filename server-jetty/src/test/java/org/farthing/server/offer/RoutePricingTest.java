package org.farthing.server.offer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Requirement("T76")
class RoutePricingTest {

    private static final PriceFact TIER = PriceFact.header("X-Tier");
    private static final PriceFact PAGES = PriceFact.query("pages");

    private final Route route = route(Set.of(TIER, PAGES), facts -> {
        long pages = Long.parseLong(facts.value(PAGES).orElse("1"));
        return Amount.of(pages * (facts.value(TIER).orElse("").equals("fast") ? 20 : 10));
    });

    @Test
    void quote_declaredFacts_makeThePrice() throws Exception {
        PricedFacts facts = route.facts(target("pages=3"), headers(Map.of("x-tier", List.of("fast"))));
        assertThat(route.quotes(facts).get(0).amount()).isEqualTo(Amount.of(60));
        assertThat(route.quotes(facts).get(0).routeId()).isEqualTo(route.id());
    }

    @Test
    void quote_fixedPrice_isTheOffersOwn() throws Exception {
        Route fixed = PriceList.builder()
                .charge("/*", Offer.of("0.002usd").build())
                .build()
                .find("GET", "/a")
                .orElseThrow();
        PricedFacts none = fixed.facts(target("x=1"), headers(Map.of()));
        assertThat(fixed.quotes(none).get(0).amount()).isEqualTo(Amount.of(2000));
        assertThat(fixed.factsHash(none)).isEmpty();
    }

    @Test
    void quote_functionAsksForUndeclaredFact_fails() throws Exception {
        Route sly = route(Set.of(PAGES), facts -> Amount.of(facts.value(TIER).isPresent() ? 1 : 2));
        PricedFacts facts = sly.facts(target("pages=3"), headers(Map.of("x-tier", List.of("fast"))));
        assertThatIllegalArgumentException().isThrownBy(() -> sly.quotes(facts)).withMessageContaining("x-tier");
    }

    @Test
    void factsHash_everyDeclaredFact_changesIt() throws Exception {
        String hash = hash("pages=3", "fast");
        assertThat(hash("pages=4", "fast")).isNotEqualTo(hash);
        assertThat(hash("pages=3", "slow")).isNotEqualTo(hash);
        assertThat(hash(null, "fast")).isNotEqualTo(hash("pages=", "fast"));
        assertThat(hash("pages=3&other=1", "fast")).isEqualTo(hash);
        assertThat(hash("p%61ges=%33", "fast")).isEqualTo(hash);
    }

    @Test
    @Requirement("T7")
    void facts_parameterStandsTwice_isUnpriceable() {
        assertThatExceptionOfType(UnpriceableException.class)
                .isThrownBy(() -> route.facts(target("pages=1&pages=9"), headers(Map.of())))
                .satisfies(e -> assertThat(e.sentence()).contains("'pages'"));
        assertThatExceptionOfType(UnpriceableException.class)
                .isThrownBy(() -> route.facts(target("pages=1&p%61ges=9"), headers(Map.of())));
    }

    @Test
    void facts_brokenEncoding_isUnpriceable() {
        assertThatExceptionOfType(UnpriceableException.class)
                .isThrownBy(() -> route.facts(target("pages=%zz"), headers(Map.of())));
    }

    @Test
    void facts_headerOnSeveralLines_isJoined() throws Exception {
        PricedFacts facts = route.facts(target(null), headers(Map.of("x-tier", List.of("a", "b"))));
        assertThat(facts.value(TIER)).contains("a, b");
        assertThat(facts.value(PAGES)).isEmpty();
    }

    @Test
    void facts_pathAndMethod_areTheRawOnes() throws Exception {
        Route all = route(Set.of(PriceFact.path(), PriceFact.method()), facts -> Amount.of(1));
        PricedFacts facts = all.facts(target("pages=1"), headers(Map.of()));
        assertThat(facts.asMap()).isEqualTo(Map.of("path", "/a%20b", "method", "POST"));
    }

    @Test
    void isRepeatable_safeMethodOrDeclared_only() {
        assertThat(route.isRepeatable("GET")).isTrue();
        assertThat(route.isRepeatable("HEAD")).isTrue();
        assertThat(route.isRepeatable("POST")).isFalse();
        assertThat(route.isRepeatable("get")).isFalse();
        Offer repeatable = Offer.of("1usd").routeId("r").repeatable().build();
        assertThat(new Route(List.of(PricedOffer.of(repeatable)), Set.of()).isRepeatable("POST"))
                .isTrue();
    }

    private String hash(@Nullable String query, String tier) throws Exception {
        PricedFacts facts = route.facts(target(query), headers(Map.of("x-tier", List.of(tier))));
        return route.factsHash(facts).orElseThrow();
    }

    private static Route route(Set<PriceFact> facts, PriceFunction function) {
        return new Route(List.of(PricedOffer.of(Offer.of("0usd").routeId("r").build(), function)), facts);
    }

    private static RequestTarget target(@Nullable String query) {
        return RequestTarget.of("POST", "https://api.example.com", "/a%20b", query);
    }

    private static Function<String, List<String>> headers(Map<String, List<String>> lines) {
        return name -> lines.getOrDefault(name, List.of());
    }
}
