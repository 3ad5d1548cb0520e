package org.farthing.server.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionAnswer.Result;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.wallet.WalletRequest;
import org.farthing.server.collect.TokenCalls.SwapReply;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the network to an issuer of tokens, and what may come back. */
class SignedTokenCallsTest {

    private static final Origin PAYEE = new Origin("https://shop.example");

    private final TestClock clock = new TestClock();
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, "shop-1", new SecureRandom());
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Server server = new Server();
    private final List<BlindToken> tokens = List.of(token(1), token(2));
    private volatile Optional<URI> link = Optional.empty();
    private volatile int status = 200;
    private volatile String answer = "";
    private Origin issuer;
    private SignedTokenCalls calls;

    /** A request as it came. */
    private record Seen(String path, String bearer, String body) {}

    @BeforeEach
    void start() throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                seen.add(new Seen(
                        request.getHttpURI().getPath(),
                        request.getHeaders().get("Authorization"),
                        Content.Source.asString(request)));
                response.setStatus(status);
                Content.Sink.write(response, true, answer, callback);
                return true;
            }
        });
        server.start();
        issuer = new Origin("http://127.0.0.1:" + connector.getLocalPort());
        link = Optional.of(URI.create(issuer + "/mint/here"));
        calls = SignedTokenCalls.open(
                now -> Optional.of(key), clock, new SignedTokenCalls.Routes(origin -> link, origin -> link));
    }

    @AfterEach
    void stop() {
        calls.close();
        LifeCycle.stop(server);
    }

    private static BlindToken token(int number) {
        byte[] bytes = new byte[BlindToken.LENGTH];
        bytes[1] = 2;
        bytes[2] = (byte) number;
        try {
            return BlindToken.parse(bytes);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement({"F-TK-110", "F-TK-116", "F-WR-3", "F-WR-4"})
    void everyCall_isAWalletRequestOfThePayee_whereTheDirectorySays() throws Exception {
        answer = "{\"amount\":\"3\",\"results\":\"accepted expired\"}";
        RedemptionAnswer said =
                calls.redeem(issuer, PAYEE, tokens).toCompletableFuture().join();
        assertThat(said.results()).containsExactly(Result.ACCEPTED, Result.EXPIRED);
        status = 409;
        SwapReply reply = calls.swap(issuer, PAYEE, " {}".getBytes(StandardCharsets.UTF_8))
                .toCompletableFuture()
                .join();
        assertThat(reply.status()).isEqualTo(409);
        assertThat(seen.get(0).body())
                .isEqualTo(new RedemptionBody(TokenChallenge.forPayee(issuer, PAYEE), tokens).format());
        assertThat(seen.get(1).body()).isEqualTo(" {}");
        for (Seen one : seen) {
            assertThat(one.path()).isEqualTo("/mint/here");
            WalletRequest request = WalletRequest.parse(one.bearer().substring("Bearer ".length()));
            assertThat(request.issuer()).isEqualTo(PAYEE.text());
            request.verify(
                    key.publicKey(),
                    issuer,
                    RequestTarget.of("POST", issuer, one.path(), null),
                    one.body().getBytes(StandardCharsets.UTF_8),
                    clock.instant());
        }
    }

    @Test
    @Requirement({"F-TK-111", "T23"})
    void anythingElse_isNoAnswer() {
        List<String> bodies = new ArrayList<>(List.of(
                "{\"amount\":\"3\",\"results\":\"accepted\"}",
                "{\"amount\":\"3\",\"results\":\"accepted accepted accepted\"}",
                "{\"amount\":\"3\",\"results\":\"accepted maybe\"}",
                "{\"amount\":\"-3\",\"results\":\"accepted accepted\"}",
                "{\"results\":\"accepted accepted\"}",
                "[]",
                "",
                "x".repeat(600_000)));
        for (String body : bodies) {
            answer = body;
            ServiceCallException none = failure(calls.redeem(issuer, PAYEE, tokens));
            assertThat(none.status()).isZero();
            assertThat(none.getMessage()).doesNotContain("xxx");
        }
        answer = "";
        status = 403;
        assertThat(failure(calls.redeem(issuer, PAYEE, tokens)).status()).isEqualTo(403);
    }

    @Test
    @Requirement({"F-TK-104", "T21"})
    void issuerOfWhichNoDirectoryIsKnown_orWhoseLinkLeadsElsewhere_isNotAsked() {
        for (Optional<URI> bad : List.of(
                Optional.<URI>empty(),
                Optional.of(URI.create("http://127.0.0.1:1/token-redemptions")),
                Optional.of(URI.create("mailto:issuer")))) {
            link = bad;
            assertThat(failure(calls.redeem(issuer, PAYEE, tokens)).getMessage())
                    .contains("was not asked");
            assertThat(failure(calls.swap(issuer, PAYEE, new byte[0])).getMessage())
                    .contains("was not asked");
        }
        assertThat(seen).isEmpty();
    }

    private static ServiceCallException failure(CompletionStage<?> stage) {
        try {
            throw new AssertionError(stage.toCompletableFuture().join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof ServiceCallException call) {
                return call;
            }
            throw e;
        }
    }
}
