package org.farthing.server.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How key documents are fetched, against a peer that may do anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyDocumentsTest {

    private static final Duration GENEROUS = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(400);

    private final TestClock clock = new TestClock();
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, "k1", new SecureRandom());
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger lookups = new AtomicInteger();

    private SSLContext tls;

    @BeforeAll
    void makeACertificate(@TempDir Path temp) throws Exception {
        tls = TestCertificate.forName("payee.example", temp);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
        lookups.set(0);
    }

    private ScriptedPeer peer() throws IOException {
        return keep(new ScriptedPeer());
    }

    private ScriptedPeer securePeer() throws IOException {
        ServerSocketFactory sockets = tls.getServerSocketFactory();
        return keep(new ScriptedPeer(sockets));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(0, resource);
        return resource;
    }

    /** A fetcher in the loopback profile. */
    private KeyDocuments onLoopback(Duration timeout) {
        return keep(KeyDocuments.open(
                clock,
                true,
                new KeyRequests.Surroundings(
                        InetAddress::getAllByName, PublicAddresses::contain, new SslContextFactory.Client(), timeout)));
    }

    /** A fetcher outside of it, in a world whose every name leads to the addresses given, and that trusts our certificate. */
    private KeyDocuments inAWorld(Predicate<InetAddress> allowed, String... addresses) {
        SslContextFactory.Client trusting = new SslContextFactory.Client();
        trusting.setSslContext(tls);
        return keep(KeyDocuments.open(
                clock, false, new KeyRequests.Surroundings(host -> lookUp(addresses), allowed, trusting, GENEROUS)));
    }

    private InetAddress[] lookUp(String... addresses) throws UnknownHostException {
        lookups.incrementAndGet();
        InetAddress[] found = new InetAddress[addresses.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = InetAddress.getByName(addresses[i]);
        }
        return found;
    }

    private static Origin http(ScriptedPeer peer) {
        return new Origin("http://127.0.0.1:" + peer.port());
    }

    private KeyDirectory document(Origin origin) {
        return KeyDirectory.of(origin, List.of(key.publicKey()));
    }

    private static KeyDirectory fetched(KeyDocuments documents, Origin origin) {
        return documents.fetch(origin).toCompletableFuture().join();
    }

    /** The sentence of a fetch that fails. */
    private static String refusal(KeyDocuments documents, Origin origin) {
        try {
            return "fetched: " + fetched(documents, origin);
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(KeysUnavailableException.class);
            String sentence =
                    String.valueOf(Objects.requireNonNull(e.getCause()).getMessage());
            assertThat(sentence).startsWith("The keys of " + origin + " ");
            return sentence;
        }
    }

    // ---- what is asked

    @Test
    @Requirement({"F-KY-50", "T21"})
    void fetch_document_asksForItAndNothingElse() throws Exception {
        ScriptedPeer peer = peer();
        peer.answers(
                "200 OK", "Set-Cookie: a=b; Path=/\r\n", document(http(peer)).format());
        KeyDocuments documents = onLoopback(GENEROUS);

        assertThat(fetched(documents, http(peer))).isEqualTo(document(http(peer)));
        clock.advance(KeyDocuments.BETWEEN_FETCHES);
        fetched(documents, http(peer));

        assertThat(peer.heads())
                .hasSize(2)
                .allSatisfy(head -> assertThat(head)
                        .startsWith("GET /.well-known/payment-keys HTTP/1.1\n")
                        .contains("Host: 127.0.0.1:" + peer.port() + "\n")
                        .contains("Connection: close\n")
                        .doesNotContainIgnoringCase("authorization:")
                        .doesNotContainIgnoringCase("cookie:")
                        .doesNotContainIgnoringCase("accept-encoding:"));
    }

    @Test
    @Requirement({"F-KY-50", "F-KY-51"})
    void fetch_overTls_demandsTheNamesCertificate() throws Exception {
        ScriptedPeer peer = securePeer();
        Origin payee = new Origin("https://payee.example:" + peer.port());
        Origin other = new Origin("https://other.example:" + peer.port());
        peer.answers("200 OK", "", document(payee).format());
        KeyDocuments documents = inAWorld(address -> true, "127.0.0.1");

        assertThat(fetched(documents, payee)).isEqualTo(document(payee));
        assertThat(refusal(documents, other)).contains("TLS failed");
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource({
        "301 Moved Permanently, Location: /keys",
        "302 Found, Location: /keys",
        "303 See Other, Location: /keys",
        "307 Temporary Redirect, Location: /keys",
        "308 Permanent Redirect, Location: /keys",
        "401 Unauthorized, 'WWW-Authenticate: Basic realm=\"x\"'",
        "407 Proxy Authentication Required, 'Proxy-Authenticate: Basic realm=\"x\"'",
        "203 Non-Authoritative Information, X: y",
        "404 Not Found, X: y",
        "503 Service Unavailable, Retry-After: 0"
    })
    @Requirement({"F-KY-50", "T21"})
    void fetch_otherStatus_isNotFollowedOrRetried(String status, String field) throws Exception {
        ScriptedPeer peer = peer();
        peer.answers(status, field + "\r\n", document(http(peer)).format());

        assertThat(refusal(onLoopback(GENEROUS), http(peer))).contains("status " + status.substring(0, 3));
        assertThat(peer.heads()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"keys\":[]}",
                "{\"keys\":[],\"origins\":[],\"payee\":\"javascript:x\",\"realms\":[]}"
            })
    @Requirement({"F-KY-2", "T24"})
    void fetch_somethingElse_isNotReadable(String body) throws Exception {
        ScriptedPeer peer = peer();
        peer.answers("200 OK", "", body);

        assertThat(refusal(onLoopback(GENEROUS), http(peer)))
                .contains("not readable")
                .doesNotContain("javascript");
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void fetch_announcedTooLong_isRefused() throws Exception {
        ScriptedPeer peer = peer();
        peer.answers("200 OK", "", document(http(peer)).format() + " ".repeat(KeyDocuments.MOST_BYTES));

        assertThat(refusal(onLoopback(GENEROUS), http(peer))).contains("longer than 65536 bytes");
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void fetch_endlessBody_isCutOff() throws Exception {
        ScriptedPeer peer = peer();
        CountDownLatch hungUp = new CountDownLatch(1);
        peer.answers(out -> {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("400\r\n" + " ".repeat(0x400) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            try {
                while (true) {
                    out.write(chunk);
                }
            } finally {
                hungUp.countDown();
            }
        });

        assertThat(refusal(onLoopback(GENEROUS), http(peer))).contains("longer than 65536 bytes");
        hungUp.await();
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void fetch_packedBody_isNotUnpacked() throws Exception {
        ScriptedPeer peer = peer();
        peer.answers(
                "200 OK", "Content-Encoding: gzip\r\n", document(http(peer)).format());

        // Taken as it is; a bomb would be as small here as it is on the wire.
        assertThat(fetched(onLoopback(GENEROUS), http(peer))).isEqualTo(document(http(peer)));
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void fetch_silence_endsInTime() throws Exception {
        ScriptedPeer peer = peer();
        peer.answers(out -> peer.over(60_000));

        assertThat(refusal(onLoopback(SHORT), http(peer))).contains("no answer in time");
    }

    @Test
    @Requirement({"F-KY-50", "T21"})
    void fetch_aByteNowAndThen_endsInTime() throws Exception {
        ScriptedPeer peer = peer();
        peer.answers(out -> drip(peer, out));

        assertThat(refusal(onLoopback(SHORT), http(peer))).contains("no answer in time");
    }

    private static void drip(ScriptedPeer peer, OutputStream out) throws IOException, InterruptedException {
        out.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        while (!peer.over(50)) {
            out.write(' ');
            out.flush();
        }
    }

    /** The fetch and its connection have the same time, so either may be the one whose end is noticed. */
    @Test
    @Requirement({"F-KY-50"})
    void fetch_noConnectionInTime_saysTheSameAsNoAnswer() {
        assertThat(KeyRequests.why(new SocketTimeoutException("Connect Timeout"), 1))
                .isEqualTo(KeyRequests.why(new TimeoutException("Total timeout"), 1))
                .isEqualTo("no answer in time");
    }

    @Test
    @Requirement({"F-KY-50"})
    void fetch_nobodyThere_saysSo() throws Exception {
        Origin nobody;
        try (ScriptedPeer peer = new ScriptedPeer()) {
            nobody = http(peer);
        }

        assertThat(refusal(onLoopback(GENEROUS), nobody)).contains("nobody answers there");
    }

    // ---- where it goes

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "0.0.0.0",
                "::",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "fe80::1",
                "fd00::1",
                "224.0.0.1",
                "ff02::1",
                "::ffff:127.0.0.1"
            })
    @Requirement({"F-KY-51", "T21"})
    void fetch_nameOfANearbyAddress_connectsToNobody(String address) throws Exception {
        ScriptedPeer peer = securePeer();
        Origin payee = new Origin("https://payee.example:" + peer.port());
        peer.answers("200 OK", "", document(payee).format());

        assertThat(refusal(inAWorld(PublicAddresses::contain, address), payee)).contains("not public");
        assertThat(refusal(inAWorld(PublicAddresses::contain, "93.184.216.34", address), payee))
                .contains("not public");
        assertThat(peer.heads()).isEmpty();
    }

    @Test
    @Requirement({"F-KY-51", "T21"})
    void fetch_literalOfANearbyAddress_connectsToNobody() throws Exception {
        ScriptedPeer peer = securePeer();
        KeyDocuments world = keep(KeyDocuments.open(clock, false));

        assertThat(refusal(world, new Origin("https://127.0.0.1:" + peer.port())))
                .contains("not public");
        assertThat(refusal(world, new Origin("https://[::1]:" + peer.port()))).contains("not public");
        assertThat(peer.heads()).isEmpty();
    }

    @Test
    @Requirement({"F-KY-51", "T21"})
    void fetch_nameThatChangesItsMind_connectsToWhatWasChecked() throws Exception {
        ScriptedPeer peer = securePeer();
        Origin payee = new Origin("https://payee.example:" + peer.port());
        peer.answers("200 OK", "", document(payee).format());
        SslContextFactory.Client trusting = new SslContextFactory.Client();
        trusting.setSslContext(tls);
        // The first look-up gives a good address, every later one an address that must not be met.
        KeyDocuments documents = keep(KeyDocuments.open(
                clock,
                false,
                new KeyRequests.Surroundings(
                        host -> lookUp(lookups.get() == 0 ? "127.0.0.1" : "127.0.0.2"),
                        address -> address.getHostAddress().equals("127.0.0.1"),
                        trusting,
                        GENEROUS)));

        assertThat(fetched(documents, payee)).isEqualTo(document(payee));
        assertThat(lookups).hasValue(1);
    }

    @Test
    @Requirement({"F-KY-50", "F-BI-34", "T13", "T21"})
    void fetch_plainHttp_isForLoopbackLiteralsInTheProfileOnly() throws Exception {
        ScriptedPeer peer = peer();
        peer.answers("200 OK", "", document(http(peer)).format());
        KeyDocuments world = keep(KeyDocuments.open(clock, false));
        KeyDocuments profile = onLoopback(GENEROUS);

        assertThat(refusal(world, http(peer))).contains("plain http");
        assertThat(refusal(profile, new Origin("http://localhost:" + peer.port())))
                .contains("plain http");
        assertThat(refusal(profile, new Origin("http://payee.example"))).contains("plain http");
        assertThat(peer.heads()).isEmpty();
        assertThat(fetched(profile, http(peer))).isEqualTo(document(http(peer)));
    }

    @Test
    @Requirement({"F-KY-51", "T21"})
    void fetch_nameOfLoopbackInTheProfile_connectsToNobody() throws Exception {
        ScriptedPeer peer = securePeer();

        assertThat(refusal(onLoopback(GENEROUS), new Origin("https://localhost:" + peer.port())))
                .contains("not public");
        assertThat(peer.heads()).isEmpty();
    }

    @Test
    void fetch_afterClose_fails() {
        KeyDocuments closed = KeyDocuments.open(clock, false);
        closed.close();

        assertThat(refusal(closed, new Origin("https://payee.example"))).startsWith("The keys of ");
    }

    // ---- how often

    @Test
    @Requirement({"F-KY-52", "T21"})
    void fetch_again_asksOnceAMinute() throws Exception {
        ScriptedPeer peer = peer();
        KeyDirectory before = document(http(peer));
        KeyDirectory after = KeyDirectory.of(http(peer), List.of());
        KeyDocuments documents = onLoopback(GENEROUS);

        peer.answers("200 OK", "", before.format());
        assertThat(fetched(documents, http(peer))).isEqualTo(before);
        peer.answers("200 OK", "", after.format());
        clock.advance(Duration.ofSeconds(59));
        assertThat(fetched(documents, http(peer))).isEqualTo(before);
        clock.advance(Duration.ofSeconds(1));
        assertThat(fetched(documents, http(peer))).isEqualTo(after);
        assertThat(peer.heads()).hasSize(2);
    }

    @Test
    @Requirement({"F-KY-52"})
    void fetch_failure_isRememberedAMinute() throws Exception {
        ScriptedPeer peer = peer();
        KeyDocuments documents = onLoopback(GENEROUS);

        peer.answers("500 Oops", "", "");
        assertThat(refusal(documents, http(peer))).contains("status 500");
        peer.answers("200 OK", "", document(http(peer)).format());
        clock.advance(Duration.ofSeconds(59));
        assertThat(refusal(documents, http(peer))).contains("status 500");
        clock.advance(Duration.ofSeconds(1));
        assertThat(fetched(documents, http(peer))).isEqualTo(document(http(peer)));
        assertThat(peer.heads()).hasSize(2);
    }

    @Test
    @Requirement({"F-KY-52"})
    void fetch_manyAtOnce_isOneFetch() throws Exception {
        ScriptedPeer peer = peer();
        CountDownLatch asked = new CountDownLatch(1);
        byte[] answer = ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
                        + document(http(peer)).format())
                .getBytes(StandardCharsets.US_ASCII);
        peer.answers(out -> {
            asked.await();
            out.write(answer);
        });
        KeyDocuments documents = onLoopback(GENEROUS);

        List<CompletableFuture<KeyDirectory>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(documents.fetch(http(peer)).toCompletableFuture());
        }
        // Somebody who gives up must not take the answer from the others.
        all.get(0).cancel(true);
        asked.countDown();

        for (CompletableFuture<KeyDirectory> one : all.subList(1, all.size())) {
            assertThat(one.join()).isEqualTo(document(http(peer)));
        }
        assertThat(peer.heads()).hasSize(1);
    }

    @Test
    @Requirement({"F-KY-11", "F-KY-52"})
    void fetch_otherOrigin_isAnotherDocument() throws Exception {
        ScriptedPeer one = peer();
        ScriptedPeer two = peer();
        one.answers("200 OK", "", document(http(one)).format());
        two.answers("200 OK", "", document(http(two)).format());
        KeyDocuments documents = onLoopback(GENEROUS);

        assertThat(fetched(documents, http(one))).isEqualTo(document(http(one)));
        assertThat(fetched(documents, http(two))).isEqualTo(document(http(two)));
    }
}
