package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement({"F-KY-1", "F-KY-4"})
class KeysHandlerTest {

    private static final String ASK = "GET /.well-known/payment-keys HTTP/1.1\nHost: api.example.com";
    private static final Origin ORIGIN = new Origin("https://api.example.com");

    private final SecureRandom random = new SecureRandom();
    private final List<SigningKey> keys = List.of(
            SigningKey.generate(Algorithm.ED25519, null, random), SigningKey.generate(Algorithm.ES256, null, random));
    private final KeyDirectory directory =
            KeyDirectory.of(ORIGIN, keys.stream().map(SigningKey::publicKey).toList());
    private Answers server;

    @BeforeEach
    void start() throws Exception {
        server = new Answers(new KeysHandler(directory, new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(204);
                callback.succeeded();
                return true;
            }
        }));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void get_theDocument_isWhatClientsRead() throws Exception {
        HttpTester.Response answer = server.to(ASK);

        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.get("Content-Type")).isEqualTo("application/jwk-set+json");
        assertThat(answer.get("Cache-Control")).isEqualTo("public, max-age=3600");
        assertThat(KeyDirectory.parse(answer.getContent())).isEqualTo(directory);
    }

    @Test
    @Requirement({"S42", "F-KY-2", "T38"})
    void get_theDocument_neverHasAPrivateMember() throws Exception {
        String document = server.to(ASK).getContent();

        assertThat(document).doesNotContain("\"d\"");
        for (SigningKey key : keys) {
            String secret = key.exportPrivateJwk().replaceAll(".*\"d\":\"([^\"]+)\".*", "$1");
            assertThat(secret).hasSize(43);
            assertThat(document).doesNotContain(secret);
        }
    }

    @Test
    void head_theDocument_hasTheHeadOnly() throws Exception {
        HttpTester.Response answer = server.to(ASK.replace("GET", "HEAD"));

        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getLongField("Content-Length"))
                .isEqualTo(directory.format().length());
        assertThat(answer.getContent()).isNullOrEmpty();
    }

    @Test
    void get_withTheCurrentETag_isNotModified() throws Exception {
        String etag = server.to(ASK).get("ETag");

        for (String value : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
            HttpTester.Response answer = server.to(ASK + "\nIf-None-Match: " + value);
            assertThat(answer.getStatus()).isEqualTo(304);
            assertThat(answer.get("ETag")).isEqualTo(etag);
            assertThat(answer.getContent()).isNullOrEmpty();
        }
        assertThat(server.to(ASK + "\nIf-None-Match: \"other\"").getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-KY-31", "F-KY-34", "T36"})
    void get_afterAReload_isTheNewDocumentWithANewETag() throws Exception {
        AtomicReference<KeyDirectory> published = new AtomicReference<>(directory);
        try (Answers running = new Answers(new KeysHandler(published::get, null))) {
            String before = running.to(ASK).get("ETag");
            KeyDirectory next = KeyDirectory.of(ORIGIN, List.of(keys.get(1).publicKey()));
            published.set(next);

            HttpTester.Response answer = running.to(ASK + "\nIf-None-Match: " + before);
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.get("ETag")).isNotEqualTo(before);
            assertThat(KeyDirectory.parse(answer.getContent())).isEqualTo(next);
            assertThat(running.to(ASK + "\nIf-None-Match: " + answer.get("ETag"))
                            .getStatus())
                    .isEqualTo(304);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "BREW"})
    void otherMethods_areRefusedWithAllow(String method) throws Exception {
        HttpTester.Response answer = server.to(ASK.replace("GET", method));

        assertThat(answer.getStatus()).isEqualTo(405);
        assertThat(answer.get("Allow")).isEqualTo("GET, HEAD");
        assertThat(Problem.parse(answer.getContent()).type()).isEqualTo(ProblemType.METHOD_NOT_ALLOWED);
    }

    @Test
    @Requirement({"F-BI-32", "T5"})
    void get_atAnotherAuthority_isMisdirected() throws Exception {
        HttpTester.Response answer = server.to(ASK.replace("api.example.com", "evil.example"));

        assertThat(answer.getStatus()).isEqualTo(421);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.getContent()).doesNotContain("keys\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/.well-known/payment-keys/",
                "/.well-known/payment-keysx",
                "/x/.well-known/payment-keys",
                "/.WELL-KNOWN/payment-keys"
            })
    void get_otherPaths_areLeftToTheWrappedHandler(String path) throws Exception {
        assertThat(server.to("GET " + path + " HTTP/1.1\nHost: anything").getStatus())
                .isEqualTo(204);
    }
}
