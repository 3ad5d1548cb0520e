package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.trust.KeyDocuments;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a wallet service refuses to be built with. */
@Requirement({"F-WS-47"})
class ServiceStartTest {

    private final TestClock clock = new TestClock();
    private final KeyDocuments documents = KeyDocuments.open(clock, true);
    private final TokenKeys keys = new TokenKeys(List.of(TestService.tokenKey("k")), Optional.empty());

    @AfterEach
    void stop() {
        documents.close();
    }

    private WalletHandler.Builder builder(String origin) {
        return WalletHandler.builder(new Origin(origin), Unreachable.ledger()).clock(clock);
    }

    @Test
    @Requirement({"F-BI-33", "F-BI-34", "T13"})
    void build_plainHttp_isForLoopbackInTheProfileAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("http://127.0.0.1:8403")
                        .service(keys, documents)
                        .build())
                .withMessageContaining("use https")
                .withMessageContaining("loopback profile");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("http://wallet.example")
                        .service(keys, documents)
                        .loopback()
                        .build())
                .withMessageContaining("use https");
        assertThat(builder("http://127.0.0.1:8403")
                        .service(keys, documents)
                        .loopback()
                        .build())
                .isNotNull();
        assertThat(builder("https://wallet.example").service(keys, documents).build())
                .isNotNull();
    }

    @Test
    @Requirement({"F-KY-42"})
    void build_publishedKeyAtAPublicOrigin_isRefused() throws MalformedException {
        SigningKey published = SigningKey.fromJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                        + "\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")
                .withRoles(Set.of(Role.RECEIPT_TOKEN));
        TokenKeys everybodys = new TokenKeys(List.of(published), Optional.empty());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("https://wallet.example")
                        .service(everybodys, documents)
                        .build())
                .withMessageContaining("published in a specification");
    }

    @Test
    void build_budgetOfNothing_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("https://wallet.example")
                        .service(keys, documents)
                        .paymentsPerMinute(0)
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("https://wallet.example")
                        .service(keys, documents)
                        .collectionsPerMinute(0)
                        .build());
    }
}
