package org.farthing.client.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.farthing.client.testing.Reply;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFetchTest {

    private final SettableClock clock = new SettableClock();
    private final AtomicReference<Reply> reply = new AtomicReference<>();
    private ScriptedServer server;
    private TestPayee payee;
    private KeyFetcher fetcher;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedServer.start();
        payee = new TestPayee(server.origin(), clock);
        reply.set(Reply.ok(payee.directory().format()).header("Cache-Control", "public, max-age=600"));
        server.script(request -> reply.get());
        // Long, because most of these tests are not about time: on a busy machine 3 seconds may be too short.
        fetcher = fetcher(Duration.ofSeconds(60));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private KeyFetcher fetcher(Duration timeout) {
        HttpClient like = HttpClient.newBuilder().build();
        return new KeyFetcher(like, clock, Runnable::run, timeout);
    }

    private KeyDirectory fetch() {
        return fetcher.ofOwn(server.origin(), null).join();
    }

    private void assertUnavailable(String words) {
        assertThatThrownBy(this::fetch)
                .hasCauseInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining(words);
    }

    private int fetches() {
        return server.keyRequests().size();
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void nothing_asksNobodyAndHasNoKeys() {
        fetcher = KeyFetcher.nothing();

        assertUnavailable("are not fetched by this payer");
        assertThatThrownBy(() -> fetcher.ofRecipient(server.origin(), null).join())
                .hasCauseInstanceOf(KeysUnavailableException.class);
        assertThat(fetches()).isZero();
    }

    @Test
    @Requirement({"F-KY-50", "F-KY-52"})
    void ofOwn_again_isKeptAsLongAsTheServerSays() {
        assertThat(fetch()).isEqualTo(payee.directory());
        clock.advance(Duration.ofSeconds(599));
        fetch();
        assertThat(fetches()).isOne();
        clock.advance(Duration.ofSeconds(2));
        fetch();
        assertThat(fetches()).isEqualTo(2);
        assertThat(server.keyRequests()).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("/.well-known/payment-keys");
            assertThat(request.header("Authorization")).isEmpty();
            assertThat(request.header("Cookie")).isEmpty();
        });
    }

    @Test
    @Requirement("F-KY-4")
    void ofOwn_keepForYears_isKeptAnHour() {
        reply.set(Reply.ok(payee.directory().format()).header("Cache-Control", "max-age=999999999"));
        fetch();
        clock.advance(Duration.ofMinutes(61));
        fetch();
        assertThat(fetches()).isEqualTo(2);
    }

    @Test
    @Requirement({"F-KY-52", "T21"})
    void ofOwn_newKeyWanted_asksAgainOnceAMinute() {
        KeyDirectory known = fetch();
        fetcher.ofOwn(server.origin(), known).join();
        assertThat(fetches()).isOne();
        clock.advance(Duration.ofSeconds(61));
        fetcher.ofOwn(server.origin(), known).join();
        fetcher.ofOwn(server.origin(), known).join();
        assertThat(fetches()).isEqualTo(2);
    }

    @Test
    @Requirement("F-KY-52")
    void ofOwn_manyAtOnce_areOneFetch() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.script(request -> {
            try {
                asked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return reply.get();
        });
        List<CompletableFuture<KeyDirectory>> fetched = List.of(
                fetcher.ofOwn(server.origin(), null),
                fetcher.ofOwn(server.origin(), null),
                fetcher.ofOwn(server.origin(), null));
        asked.countDown();
        for (CompletableFuture<KeyDirectory> one : fetched) {
            assertThat(one.get()).isEqualTo(payee.directory());
        }
        assertThat(fetches()).isOne();
    }

    @Test
    @Requirement("F-KY-52")
    void ofOwn_failure_isRememberedAMinute() {
        reply.set(Reply.of(500));
        assertUnavailable("(500)");
        reply.set(Reply.ok(payee.directory().format()));
        assertUnavailable("(500)");
        assertThat(fetches()).isOne();
        clock.advance(Duration.ofSeconds(61));
        assertThat(fetch()).isEqualTo(payee.directory());
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void ofOwn_redirect_isNotFollowed() {
        reply.set(Reply.of(302).header("Location", "/keys"));
        assertUnavailable("(302)");
        assertThat(fetches()).isOne();
    }

    @Test
    @Requirement("F-KY-50")
    void ofOwn_tooLong_isRefused() {
        reply.set(Reply.ok(payee.directory().format() + " ".repeat(65_536)));
        assertUnavailable("longer than 65536");
    }

    @Test
    @Requirement("F-KY-2")
    void ofOwn_notADocument_isRefused() {
        reply.set(Reply.ok("{\"keys\":[]}"));
        assertUnavailable("not readable");
    }

    @Test
    @Requirement("F-KY-50")
    void ofOwn_bodyThatNeverEnds_isGivenUpInTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        fetcher = fetcher(Duration.ofMillis(300));
        server.script(request -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.drop();
        });
        assertUnavailable("could not be fetched");
        never.countDown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1", "https://10.1.2.3", "https://172.16.0.1", "https://192.168.1.1",
                        "https://169.254.169.254",
                "https://[::1]", "https://[fd00::1]", "https://[fe80::1]", "https://0.0.0.0", "https://100.64.0.1",
                "https://224.0.0.1", "https://[::ffff:a00:1]", "https://[2002:a00:1::]", "https://localhost"
            })
    @Requirement({"F-KY-51", "T21"})
    void ofRecipient_atAnAddressThatIsNotPublic_isNotFetched(String recipient) {
        assertThatThrownBy(
                        () -> fetcher.ofRecipient(new Origin(recipient), null).join())
                .hasCauseInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("not public");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "2606:4700::1111", "198.51.100.7"})
    void isPublic_publicAddress_isTrue(String address) throws Exception {
        assertThat(PublicAddress.isPublic(InetAddress.getByName(address))).isTrue();
    }
}
