package org.farthing.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.farthing.client.token.MintApi;
import org.farthing.conformance.reference.FixedTokenKeys;
import org.farthing.conformance.reference.ReferenceServer;
import org.farthing.conformance.reference.ReferenceSettings;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.server.ledger.Account;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** {@code @cloudflare/privacypass-ts} as client of our mint and our pages, and as issuer for our client. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrivacyPassTest {

    private static final long PRICE = 1000;

    private final HttpClient http = HttpClient.newHttpClient();
    private Mppx node;
    private ReferenceServer server;
    private JsonNode key;

    @BeforeAll
    void start() throws IOException {
        node = Mppx.start();
        Instant now = Instant.now();
        server = ReferenceServer.open(ReferenceSettings.temporary().withTokens(FixedTokenKeys.at(now)));
        key = Mppx.JSON.readTree(server.walletFile().toFile());
    }

    @AfterAll
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (node != null) {
            node.close();
        }
    }

    private long dollars() {
        return server.ledger().accounts(server.walletId()).toCompletableFuture().join().stream()
                .filter(account -> account.currency().equals("usd.e6"))
                .mapToLong(Account::available)
                .sum();
    }

    /** What privacypass-ts gets of our mint, paid by mppx. */
    private JsonNode obtained() throws IOException {
        ObjectNode command = Mppx.command("obtainTokens").put("url", server.origin() + "/private-token");
        command.set("key", key);
        JsonNode tokens = node.does(command).get("tokens");
        assertThat(tokens).hasSize(1);
        return tokens.get(0);
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.origin() + path))
                .header("Authorization", authorization)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Test
    @Requirement({"F-CO-110", "F-TK-17", "F-TK-63", "F-TK-79"})
    void privacypassClient_getsATokenOfOurMintForItsValue() throws Exception {
        long before = dollars();

        JsonNode token = obtained();

        assertThat(before - dollars()).isEqualTo(PRICE);
        assertThat(token.get("issuerName").asText()).isEqualTo(server.origin().realm());
        assertThat(token.get("originInfo").get(0).asText())
                .isEqualTo(server.origin().realm());
        BlindToken parsed = BlindToken.parseAll(token.get("token").asText(), 1).get(0);
        assertThat(token.get("tokenKey").asText())
                .isEqualTo(Base64Url.encode(TestTokenKeys.publicKey(1).spki()));
        assertThat(TestTokenKeys.publicKey(1).verify(parsed)).isTrue();
        assertThat(parsed.isFor(TokenChallenge.forPayee(server.origin(), server.origin())))
                .isTrue();
    }

    @Test
    @Requirement({"F-CO-110", "F-TK-64", "F-TK-66"})
    void privacypassClient_getsThePageForItsTokenOnce() throws Exception {
        String authorization = obtained().get("authorization").asText();

        HttpResponse<String> first = get("/private-token", authorization);
        HttpResponse<String> again = get("/private-token", authorization);
        HttpResponse<String> elsewhere = get("/private-token?other", authorization);

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body()).contains("\"page\":\"privateToken\"");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(elsewhere.statusCode()).isEqualTo(402);
        assertThat(Problem.parse(elsewhere.body()).type()).isEqualTo(ProblemType.TOKEN_SPENT);
    }

    @Test
    @Requirement({"F-CO-111", "F-TK-24", "F-TK-58", "F-TK-60"})
    void tokensOfPrivacypass_payByMppxAndSchemePayment() throws Exception {
        ObjectNode command = Mppx.command("payByTokens").put("url", server.origin() + "/paid");
        command.putArray("tokens").add(obtained().get("token"));
        long before = dollars();

        JsonNode paid = node.does(command);
        JsonNode twice = node.does(command);

        assertThat(paid.path("status").asInt()).as(paid.toString()).isEqualTo(200);
        assertThat(paid.get("receipt").get("method").asText()).isEqualTo("token");
        assertThat(paid.get("receipt").get("tokens").asText()).isEqualTo("1");
        assertThat(twice.path("status").asInt()).isEqualTo(402);
        assertThat(twice.get("body").asText()).contains("TOKEN_SPENT");
        assertThat(dollars()).isEqualTo(before);
    }

    @Test
    @Requirement({"F-CO-112", "F-TK-12", "F-TK-18"})
    void ourClient_getsATokenOfPrivacypassThatItsOriginTakes() throws Exception {
        JsonNode issuer = node.does(Mppx.command("issuer"));
        Origin origin = new Origin(issuer.get("origin").asText());
        MintApi api = new MintApi(http, true);
        IssuerDirectory directory = api.directory(origin).join().directory();
        PublishedKey signer = directory.keyOfValue(PRICE, Instant.now()).orElseThrow();
        TokenChallenge challenge = TokenChallenge.forPayee(origin, new Origin("https://payee.example"));
        PendingToken pending = PendingToken.begin(
                signer.key(),
                challenge,
                random(32),
                random(PendingToken.SALT_LENGTH),
                random(PendingToken.BLIND_SEED_LENGTH));

        BlindToken token =
                pending.finish(api.requestToken(URI.create(directory.links().request()), pending.request())
                        .join());

        assertThat(signer.key().verify(token)).isTrue();
        assertThat(isGood(token, challenge, issuer)).isTrue();
        assertThat(isGood(token, TokenChallenge.anyPayee(origin), issuer)).isFalse();
        assertThat(node.does(Mppx.command("issued").put("origin", origin.text()))
                        .get("issued")
                        .asInt())
                .isEqualTo(1);
    }

    private boolean isGood(BlindToken token, TokenChallenge challenge, JsonNode issuer) throws IOException {
        ObjectNode command = Mppx.command("verifyToken")
                .put("token", BlindToken.formatAll(List.of(token)))
                .put("challenge", challenge.text());
        command.set("tokenKey", issuer.get("tokenKey"));
        return node.does(command).get("good").asBoolean();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
