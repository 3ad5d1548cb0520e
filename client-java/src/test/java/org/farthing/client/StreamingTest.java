package org.farthing.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers of any length: content goes straight to the caller, and only what may not be the last answer is held. */
@Timeout(60)
@Requirement("F-CL-56")
class StreamingTest {

    private static final byte[] CHUNK = new byte[64 * 1024];

    @TempDir
    Path temp;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(temp);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(fixture.uri("/")).build();
    }

    /** Serves whoever pays a body that this writes. */
    private void serves(Reply.Stream body) {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> fixture.payee.demand(request, offer -> {}),
                (request, paid) -> fixture.payee.serve(paid).streamed(body)));
    }

    @Test
    void send_endlessContent_firstBytesArriveWhileTheServerStillSends() throws Exception {
        CompletableFuture<Void> firstRead = new CompletableFuture<>();
        CompletableFuture<Void> hungUp = new CompletableFuture<>();
        serves(out -> {
            out.write(CHUNK);
            out.flush();
            // A client that waited for the end would never read these, and this would never go on.
            firstRead.join();
            try {
                while (true) {
                    out.write(CHUNK);
                }
            } catch (IOException closed) {
                hungUp.complete(null);
                throw closed;
            }
        });
        PaidResponse<InputStream> answer = fixture.client.send(request(), BodyHandlers.ofInputStream());
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        try (InputStream content = answer.response().orElseThrow().body()) {
            assertThat(content.readNBytes(CHUNK.length)).hasSize(CHUNK.length);
            firstRead.complete(null);
            assertThat(content.readNBytes(32 * CHUNK.length)).hasSize(32 * CHUNK.length);
        }
        hungUp.join();
        assertThat(fixture.payee.payments()).isOne();
        // What is still written belongs to this test: it ends when the payment does.
        while (fixture.onlyPayment().state() != JournalEntry.State.SERVED) {
            Thread.onSpinWait();
        }
    }

    /** Asks for one list of buffers at a time, each time from another thread, and counts what comes unasked. */
    private static final class SlowReader implements Flow.Subscriber<List<ByteBuffer>> {

        final AtomicLong bytes = new AtomicLong();
        final AtomicInteger unasked = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            next();
        }

        private void next() {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
                asked.incrementAndGet();
                requireNonNull(subscription).request(1);
            });
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (asked.decrementAndGet() < 0) {
                unasked.incrementAndGet();
            }
            buffers.forEach(buffer -> bytes.addAndGet(buffer.remaining()));
            next();
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void send_slowReader_getsOnlyWhatItAskedFor() throws Exception {
        int chunks = 64;
        serves(out -> {
            for (int i = 0; i < chunks; i++) {
                out.write(CHUNK);
            }
        });
        SlowReader reader = new SlowReader();
        PaidResponse<Void> answer = fixture.client.send(request(), BodyHandlers.fromSubscriber(reader));
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        assertThat(reader.bytes).hasValue((long) chunks * CHUNK.length);
        assertThat(reader.unasked).hasValue(0);
    }

    @Test
    @Requirement({"T23", "F-CL-50"})
    void send_402WithoutEnd_isCutOffAndSaidSo() throws Exception {
        fixture.server.script(request -> Reply.of(402).streamed(out -> {
            while (true) {
                out.write(CHUNK);
            }
        }));
        PaidResponse<String> answer = fixture.send(request());
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        assertThat(answer.isCutOff()).isTrue();
        assertThat(answer.response().orElseThrow().body()).hasSize(64 * 1024);
    }

    @Test
    void send_wholeAnswers_areNotCutOff() throws Exception {
        assertThat(fixture.send(request()).isCutOff()).isFalse();
        fixture.server.script(request -> Reply.of(402).body("x".repeat(64 * 1024)));
        PaidResponse<String> declined = fixture.send(request());
        assertThat(declined.isCutOff()).isFalse();
        assertThat(declined.response().orElseThrow().body()).hasSize(64 * 1024);
    }

    @Test
    @Requirement({"F-OU-12", "F-CL-21"})
    void send_pendingAnswerOfAnyStatus_reachesTheCallerOnce() throws Exception {
        for (int status : new int[] {429, 404, 425, 307, 503}) {
            AtomicInteger attempts = new AtomicInteger();
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> {}),
                    (request, paid) -> attempts.incrementAndGet() < 3
                            ? Reply.of(status)
                                    .body("Wait.")
                                    .header("Payment-Outcome", TestPayee.outcome(ChargeOutcome.State.PENDING, paid))
                            : fixture.payee.serve(paid)));
            List<Integer> handled = new ArrayList<>();
            BodyHandler<String> handler = info -> {
                handled.add(info.statusCode());
                return BodyHandlers.ofString().apply(info);
            };
            PaidResponse<String> answer = fixture.client.send(request(), handler);
            assertThat(answer.outcome()).as("%s", status).isInstanceOf(Served.class);
            assertThat(answer.response().orElseThrow().body()).isEqualTo(TestPayee.CONTENT);
            assertThat(handled).containsExactly(200);
            assertThat(attempts).hasValue(3);
        }
        assertThat(fixture.payee.payments()).isEqualTo(5);
    }
}
