package org.farthing.protocol.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@Requirement({"F-BI-29", "T76"})
class PriceFactsTest {

    @Test
    void hash_facts_overCanonicalJson() {
        // openssl: printf '{"facts":{"accept":"text/html","plan":"pro"},"route":"docs"}' | openssl dgst -sha256 -binary
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("plan", "pro");
        facts.put("accept", "text/html");

        assertThat(PriceFacts.hash("docs", facts)).isEqualTo("H-nWmlvh9t-V6hpnmqDA95Nwiyeck5ZTkrR6Jv42SP0");
    }

    @Test
    void hash_anyOtherFact_differs() {
        String hash = PriceFacts.hash("docs", Map.of("plan", "pro"));

        assertThat(PriceFacts.hash("docs", Map.of("plan", "free"))).isNotEqualTo(hash);
        assertThat(PriceFacts.hash("docs", Map.of("plan", ""))).isNotEqualTo(PriceFacts.hash("docs", Map.of()));
        assertThat(PriceFacts.hash("other", Map.of("plan", "pro"))).isNotEqualTo(hash);
        assertThat(PriceFacts.hash("docs", Map.of("plan", "pro", "x", "1"))).isNotEqualTo(hash);
    }
}
