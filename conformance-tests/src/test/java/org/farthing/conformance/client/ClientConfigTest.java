package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {

    @TempDir
    private Path folder;

    private ClientConfig read(String text) throws IOException {
        return ClientConfig.read(Files.writeString(folder.resolve("lab.json"), text));
    }

    @Test
    @Requirement("F-CO-35")
    void read_anotherMethod_hasItsRequestAtThePayee() throws IOException {
        ClientConfig config = read("""
                {"method":"example","intent":"charge","request":{"amount":"10","recipient":"{origin}/x"},
                 "dear":{"amount":"99"},"commands":{"get":["pay","{url}"]},"timeoutSeconds":5,"port":8402}""");

        assertThat(config.method().isWallet()).isFalse();
        assertThat(config.method().requestAt("http://127.0.0.1:1"))
                .isEqualTo(Map.of("amount", "10", "recipient", "http://127.0.0.1:1/x"));
        assertThat(config.method().dear()).isEqualTo(Map.of("amount", "99"));
        assertThat(config.commands()).isEqualTo(Map.of("get", List.of("pay", "{url}")));
        assertThat(config.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.port()).isEqualTo(8402);
    }

    @Test
    @Requirement("F-CO-35")
    void read_nothingSaid_isMethodWalletAtAnyPort() throws IOException {
        assertThat(read("{}")).isEqualTo(ClientConfig.usual());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"method\":\"a\",\"method\":\"b\"}",
                "{\"comands\":{}}",
                "{\"method\":\"example\"}",
                "{\"intent\":\"charge\"}",
                "{\"dear\":{}}",
                "{\"method\":\"example\",\"intent\":\"charge\",\"request\":\"text\"}",
                "{\"method\":\"example\",\"intent\":\"charge\",\"request\":{},\"dear\":7}",
                "{\"commands\":{\"get\":\"my-client\"}}",
                "{\"timeoutSeconds\":0}",
                "{\"port\":\"8402\"}"
            })
    @Requirement("F-CO-35")
    void read_mistake_isRefusedWithTheFilesName(String text) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(text))
                .withMessageContaining("lab.json");
    }
}
