package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which thread a paid handler runs once the ledger has answered: here the test's own brings the answer. */
@Requirement("F-SV-63")
class HandOverTest {

    @TempDir
    private Path folder = Path.of("");

    private final AtomicReference<@Nullable Thread> served = new AtomicReference<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private Paywall paywall;
    private SlowLedger slow;

    @BeforeEach
    void start() {
        paywall = new Paywall(folder);
        slow = new SlowLedger(paywall.ledger());
        paywall.interpose(slow.ledger());
    }

    @AfterEach
    void stop() {
        paywall.close();
    }

    @Test
    void handlerThatNeverBlocks_runsWhereTheWaitEnded() throws Exception {
        paywall.app(new NonBlocking());
        boot(handler -> handler);

        assertThat(buy().getStatus()).isEqualTo(200);
        assertThat(served.get()).isSameAs(Thread.currentThread());
    }

    @Test
    void handlerThatMayBlock_runsOnAThreadOfTheServer() throws Exception {
        paywall.app(new Blocking());
        boot(handler -> handler);

        assertThat(buy().getStatus()).isEqualTo(200);
        assertThat(served.get()).isNotSameAs(Thread.currentThread());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"F-SV-63", "T47"})
    void requestThatCannotBeHandedOver_isAnsweredAndGivenBack(boolean blocks) throws Exception {
        paywall.app(blocks ? new Blocking() : new NonBlocking());
        boot(next -> new Handler.Wrapper(next) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                return super.handle(new WithoutAttributes(request), response, callback);
            }
        });

        assertThat(buy().getStatus()).isEqualTo(500);
        assertThat(served.get()).isNull();
        assertThat(paywall.nothingMoved()).isTrue();
    }

    /** A request of an outer handler that does not take the payment. */
    private static final class WithoutAttributes extends Request.Wrapper {

        WithoutAttributes(Request request) {
            super(request);
        }

        @Override
        public Object setAttribute(String name, Object attribute) {
            if (name.equals(PaymentHandler.PAYMENT_ATTRIBUTE)) {
                throw new IllegalStateException("nothing more can be kept");
            }
            return super.setAttribute(name, attribute);
        }
    }

    private final class NonBlocking extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return serve(response, callback);
        }
    }

    private final class Blocking extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return serve(response, callback);
        }
    }

    private void boot(Function<PaymentHandler, Handler> around) {
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()),
                handler -> {},
                handler -> new Leaving(around.apply(handler)));
    }

    /** Tells when the thread of a payment has left the paywall: from then on whoever brings the ledger's answer goes on with it. */
    private final class Leaving extends Handler.Wrapper {

        Leaving(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            boolean pays = request.getHeaders().contains("Authorization");
            boolean handled = super.handle(request, response, callback);
            if (pays) {
                left.countDown();
            }
            return handled;
        }
    }

    private boolean serve(Response response, Callback callback) {
        served.set(Thread.currentThread());
        response.write(true, ByteBuffer.wrap("paid".getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
    }

    private HttpTester.Response buy() throws Exception {
        String value = "Authorization: " + paywall.alice.pay(paywall.get("/docs/a"));
        slow.stopAfter("reserve");
        CompletableFuture<HttpTester.Response> answer = Paywall.beside(() -> paywall.get("/docs/a", value));
        assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
        Paywall.awaitTrue(() -> slow.waiting() > 0, () -> "not waiting for the ledger");
        slow.goOn();
        return answer.get();
    }
}
