package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.farthing.server.collect.TokenCalls;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a payee that takes tokens of an issuer elsewhere does not start with, and how it starts while the issuer is away. */
class RemoteTokenStartTest {

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private Paywall paywall;

    @BeforeEach
    void open() {
        paywall = new Paywall(folder);
    }

    @AfterEach
    void close() {
        paywall.close();
    }

    private void boot(RemoteTokens tokens, Consumer<PaymentHandler> settings) {
        TokenLinks links = new TokenLinks(
                issuer -> {
                    fetches.incrementAndGet();
                    return CompletableFuture.failedFuture(new IllegalStateException("no route to host"));
                },
                routes -> (TokenCalls) Proxy.newProxyInstance(
                        TokenCalls.class.getClassLoader(), new Class<?>[] {TokenCalls.class}, (calls, call, with) -> {
                            throw new IllegalStateException("nobody calls");
                        }),
                closed::incrementAndGet);
        paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {
            handler.setRemoteTokens(tokens);
            handler.setTokenLinks(links);
            settings.accept(handler);
        });
    }

    private String refusal(RemoteTokens tokens, Consumer<PaymentHandler> settings) {
        Throwable cause = assertThatIllegalStateException()
                .isThrownBy(() -> boot(tokens, settings))
                .actual();
        return String.valueOf(Objects.requireNonNull(cause.getCause()).getMessage());
    }

    @Test
    @Requirement({"F-TK-102", "F-TK-109", "T21"})
    void start_withAnIssuerThatCannotBeTrusted_isRefusedWithTheWayOut() {
        assertThat(refusal(RemoteTokens.of("http://issuer.example"), handler -> {}))
                .contains("plain http")
                .contains("use https");
        assertThat(refusal(RemoteTokens.of(Paywall.ORIGIN), handler -> {})).contains("own origin");
        assertThat(refusal(RemoteTokens.of("https://issuer.example").withExposure("0.001usd"), handler -> {}))
                .contains("above what an issuer of tokens is trusted with, 0.001 USD");
        AcceptedTokens another = AcceptedTokens.of(TestIssuer.shared(paywall.clock));
        assertThat(refusal(RemoteTokens.of("https://issuer.example"), handler -> handler.setTokens(another)))
                .contains("Tokens of one issuer");
        assertThat(fetches).hasValue(0);
    }

    @Test
    @Requirement("F-SV-50")
    void start_thatFailsBehindTheHandler_closesWhatWasOpenedAndCanBeRepeated() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Handler application = new Handler.Wrapper() {
            @Override
            protected void doStart() throws Exception {
                if (broken.get()) {
                    throw new IOException("the application does not start");
                }
                super.doStart();
            }
        };
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        boot(RemoteTokens.of("https://issuer.example"), handler -> handler.setHandler(application)))
                .withMessageContaining("the application does not start");
        assertThat(closed).hasValue(1);
        broken.set(false);
        paywall.startNow();
        assertThat(paywall.handler().getBeans(TokenRedeeming.class)).hasSize(1);
        assertThat(closed).hasValue(1);
    }

    @Test
    @Requirement({"F-TK-102", "F-TK-109", "F-TK-110"})
    void settings_outOfRange_areRefused() {
        RemoteTokens usual = RemoteTokens.of("https://issuer.example");
        assertThatIllegalArgumentException().isThrownBy(() -> RemoteTokens.of("issuer.example"));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withMaxTokens(17));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withUploadEvery(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withUploadEvery(Duration.ofHours(25)));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withDirectoryAge(Duration.ofMinutes(4)));
        assertThatIllegalArgumentException().isThrownBy(() -> usual.withExposure("0usd"));
    }
}
