package org.farthing.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paywall on HTTP/2 over TLS, where it differs from HTTP/1.1 (specification: server.md, "Transport"). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {

    private static final byte[] QUESTION = "question".getBytes(StandardCharsets.UTF_8);

    private TlsShop shop = unset();
    private Shopper alice = unset();
    private String authority = "";

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        shop = new TlsShop(folder);
        shop.start(shop.own());
        alice = new Shopper(shop.own());
        shop.open(alice.key());
        authority = "localhost:" + shop.port();
    }

    @AfterAll
    void stop() {
        shop.close();
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // set before each test
    private static <T> T unset() {
        return null;
    }

    @Test
    @Requirement({"S5", "S25", "S39", "F-SV-40"})
    void get_unpaidAndPaid_onOneConnection() throws Exception {
        HttpResponse<String> demand = alice.get("/docs/a");
        assertThat(demand.statusCode()).isEqualTo(402);
        assertThat(demand.version()).isEqualTo(Version.HTTP_2);
        assertThat(demand.sslSession().orElseThrow().getProtocol()).isIn("TLSv1.2", "TLSv1.3");
        HttpResponse<String> answer = alice.get("/docs/a", "Authorization", alice.pay(demand));
        assertThat(answer.body()).isEqualTo("paid " + Shopper.challenge(demand).id());
        assertThat(answer.headers().firstValue("Payment-Receipt")).isPresent();
    }

    /** HTTP/2 needs no length: whether there is a body shows when it is read. */
    @Test
    @Requirement({"S18", "S24", "T6", "F-BI-43", "F-BI-44"})
    void post_bodyWithoutLength_isBoundAndHandedOn() throws Exception {
        var stream = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(QUESTION));
        HttpResponse<String> demand = alice.send("POST", "/docs/stream", stream);
        assertThat(Shopper.challenge(demand).digest())
                .isEqualTo(ContentDigest.of(QUESTION).format());
        String credential = alice.pay(demand);
        HttpResponse<String> other = alice.send(
                "POST",
                "/docs/stream",
                BodyPublishers.fromPublisher(BodyPublishers.ofString("other")),
                "Authorization",
                credential);
        assertThat(problem(other.body()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        HttpResponse<String> answer = alice.send(
                "POST",
                "/docs/stream",
                BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(QUESTION)),
                "Authorization",
                credential);
        assertThat(answer.body()).isEqualTo("paid " + Shopper.challenge(demand).id() + " question");
    }

    @Test
    @Requirement({"F-BI-43", "F-SV-24"})
    void post_emptyBodyWithoutLength_isNoBody() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            int stream = connection.open(false, RawHttp2.request("POST", authority, "/docs/empty"));
            connection.head(stream, true, "x-checksum", "none");
            Challenge challenge = challenge(connection.answer(stream));
            assertThat(challenge.digest()).isNull();
            int paid = connection.get(authority, "/docs/a");
            assertThat(connection.answer(paid).status()).isEqualTo(402);
        }
    }

    /** The stream ends, the connection goes on: others on it have done nothing wrong. */
    @Test
    @Requirement({"F-SV-34", "F-SV-44", "T42"})
    void post_tooLargeUnpaid_isNotReadAndTheConnectionGoesOn() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            int before = shop.executions.get();
            int upload = connection.open(
                    false, RawHttp2.request("POST", authority, "/docs/upload", "content-length", "1000000"));
            connection.data(upload, new byte[1000], false);
            RawHttp2.Answer refusal = connection.reset(upload);
            assertThat(refusal.status()).isEqualTo(413);
            assertThat(problem(refusal.body()).status()).isEqualTo(413);
            assertThat(refusal.fields().contains("Connection")).isFalse();
            assertThat(refusal.reset()).isIn(RawHttp2.NO_ERROR, RawHttp2.CANCEL);
            RawHttp2.Answer next = connection.answer(connection.get(authority, "/docs/next"));
            assertThat(next.status()).isEqualTo(402);
            assertThat(shop.executions).hasValue(before);
        }
    }

    @Test
    @Requirement({"S18", "F-BI-42", "F-SV-24", "F-SV-34", "F-SV-44"})
    void post_digestStated_isAnsweredWithoutTheBodyAndTheConnectionGoesOn() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            String digest = ContentDigest.of(QUESTION).format();
            int upload = connection.open(
                    false, RawHttp2.request("POST", authority, "/docs/upload", "content-digest", digest));
            RawHttp2.Answer demand = connection.reset(upload);
            assertThat(challenge(demand).digest()).isEqualTo(digest);
            assertThat(demand.reset()).isIn(RawHttp2.NO_ERROR, RawHttp2.CANCEL);
            int paid = connection.open(
                    false,
                    RawHttp2.request("POST", authority, "/docs/upload", "authorization", alice.pay(challenge(demand))));
            connection.data(paid, QUESTION, true);
            assertThat(connection.answer(paid).body())
                    .isEqualTo("paid " + challenge(demand).id() + " question");
        }
    }

    /** Clients exist that lose an answer when their stream is reset, so it waits for what was announced and is small. */
    @Test
    @Requirement({"S18", "F-BI-42", "F-SV-44"})
    void post_smallBodyAnnounced_isTakenInAndTheStreamEndsWithoutReset() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            String digest = ContentDigest.of(QUESTION).format();
            String length = Integer.toString(QUESTION.length);
            int upload = connection.open(
                    false,
                    RawHttp2.request(
                            "POST", authority, "/docs/upload", "content-digest", digest, "content-length", length));
            RawHttp2.Answer other = connection.answer(connection.get(authority, "/docs/other"));
            assertThat(other.status()).isEqualTo(402);
            connection.data(upload, QUESTION, true);
            RawHttp2.Answer demand = connection.answer(upload);
            assertThat(challenge(demand).digest()).isEqualTo(digest);
            assertThat(demand.reset()).isNull();
        }
    }

    @Test
    @Requirement({"S18", "F-SV-24", "F-SV-44"})
    void post_expectContinue_isAskedForTheBodyOnlyWhenItIsWanted() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            String digest = ContentDigest.of(QUESTION).format();
            String[] asks = {"expect", "100-continue", "content-digest", digest};
            int unpaid = connection.open(false, RawHttp2.request("POST", authority, "/docs/continue", asks));
            RawHttp2.Answer demand = connection.answer(unpaid);
            assertThat(demand.status()).isEqualTo(402);
            assertThat(demand.interim()).isZero();
            String credential = alice.pay(challenge(demand));
            int paid = connection.open(
                    false,
                    RawHttp2.request(
                            "POST",
                            authority,
                            "/docs/continue",
                            "expect",
                            "100-continue",
                            "authorization",
                            credential));
            assertThat(connection.interim(paid).interim()).isEqualTo(100);
            connection.data(paid, QUESTION, true);
            RawHttp2.Answer answer = connection.answer(paid);
            assertThat(answer.body()).endsWith(" question");
        }
    }

    @Test
    @Requirement({"F-SV-2", "F-BI-32", "F-SV-44"})
    void authority_ofSomebodyElse_421() throws Exception {
        for (String other : List.of("localhost", "localhost:1", "127.0.0.1:" + shop.port())) {
            try (RawHttp2 connection = new RawHttp2(shop.port())) {
                RawHttp2.Answer answer = connection.answer(connection.get(other, "/docs/a"));
                assertThat(answer.status()).isEqualTo(421);
                assertThat(answer.fields().contains("WWW-Authenticate")).isFalse();
            }
        }
    }

    /** {@code Host} cannot speak against {@code :authority}: there is one authority, or none is served. */
    @Test
    @Requirement({"T49", "F-BI-31", "F-SV-44"})
    void hostBesideTheAuthority_neverChoosesTheOrigin() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            RawHttp2.Answer answer = connection.answer(connection.get("other.example", "/docs/a", "host", authority));
            assertThat(answer.status()).isIn(400, 421);
            assertThat(answer.fields().contains("WWW-Authenticate")).isFalse();
        }
    }

    @Test
    @Requirement({"T49", "F-CR-2", "F-SV-44"})
    void trailers_withACredential_areNoCredential() throws Exception {
        HttpResponse<String> demand = alice.send("POST", "/docs/trailer", BodyPublishers.ofByteArray(QUESTION));
        String credential = alice.pay(demand);
        int before = shop.executions.get();
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            int stream = connection.open(false, RawHttp2.request("POST", authority, "/docs/trailer"));
            connection.data(stream, QUESTION, false);
            connection.head(stream, true, "authorization", credential, "payment-authorization", credential);
            RawHttp2.Answer answer = connection.answer(stream);
            assertThat(answer.status()).isEqualTo(402);
            assertThat(problem(answer.body()).type()).isEqualTo(ProblemType.PAYMENT_REQUIRED);
        }
        assertThat(shop.executions).hasValue(before);
    }

    @Test
    @Requirement({"T49", "S52", "F-CR-3"})
    void twoCredentials_400() throws Exception {
        HttpResponse<String> demand = alice.get("/docs/two");
        String credential = alice.pay(demand);
        int before = shop.executions.get();
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            int stream =
                    connection.get(authority, "/docs/two", "authorization", credential, "authorization", credential);
            assertThat(connection.answer(stream).status()).isEqualTo(400);
        }
        assertThat(shop.executions).hasValue(before);
    }

    /** What HTTP/2 forbids in a request ends its stream; a proxy that passed it on would split requests with it. */
    @Test
    @Requirement({"T49", "F-SV-46"})
    void malformedFields_resetTheStreamAndNothingRuns() throws Exception {
        String[][] malformed = {
            {"connection", "keep-alive"},
            {"Authorization", "Payment e30"},
            {"x-split", "a\r\nauthorization: Payment e30"},
            {":path", "/docs/b"},
        };
        int seen = shop.seen.size();
        for (String[] field : malformed) {
            try (RawHttp2 connection = new RawHttp2(shop.port())) {
                RawHttp2.Answer answer = connection.answer(connection.get(authority, "/docs/a", field));
                assertThat(answer.status()).as("%s: %s", field[0], answer).isIn(0, 400);
            }
        }
        assertThat(shop.seen).hasSize(seen);
    }

    /** Jetty gives up the connection: it cannot read the fields of later requests without those of this one. */
    @Test
    @Requirement({"T23", "F-SV-1", "F-SV-44"})
    void headerListTooLarge_endsTheConnectionAndNothingRuns() throws Exception {
        int seen = shop.seen.size();
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            String large = "Payment " + "A".repeat(40_000);
            // It may end while the last of the fields are on their way, so writing them may fail as well.
            assertThatThrownBy(() -> connection.answer(connection.get(authority, "/docs/a", "authorization", large)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(shop.seen).hasSize(seen);
    }

    @Test
    @Requirement({"S36"})
    void largeCredential_within16KiB_isRead() throws Exception {
        try (RawHttp2 connection = new RawHttp2(shop.port())) {
            String large = "Payment " + "A".repeat(15_000);
            RawHttp2.Answer answer = connection.answer(connection.get(authority, "/docs/a", "authorization", large));
            assertThat(problem(answer.body()).type()).isEqualTo(ProblemType.MALFORMED_CREDENTIAL);
        }
    }

    /** A hello that knows no newer version, by hand: the JDK's own client would refuse to send it. */
    @ParameterizedTest
    @CsvSource({"2, true", "3, false"})
    @Requirement({"S39", "F-SV-40"})
    void helloOfAnOldVersion_isRefusedWithAnAlert(int minor, boolean refused) throws Exception {
        // No session; ECDHE-ECDSA with AES-CBC, and with AES-GCM for TLS 1.2; no compression; curves; signatures.
        String body = "030" + minor + "00".repeat(32) + "00" + "0004c009c02b" + "0100" + "0014" + "000a0006000400170018"
                + "000d0006000404030503";
        byte[] bytes =
                HexFormat.of().parseHex("160301%04x01%06x".formatted(body.length() / 2 + 4, body.length() / 2) + body);
        try (Socket socket = new Socket("localhost", shop.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes);
            byte[] answer = socket.getInputStream().readNBytes(7);
            // 21 is an alert, 70 its reason "protocol_version"; 22 would be the server's hello.
            assertThat(answer[0]).isEqualTo((byte) (refused ? 21 : 22));
            if (refused) {
                assertThat(answer[6]).isEqualTo((byte) 70);
            }
        }
    }

    /** What the field's own chapter relies on: a credential never enters the table that compresses later fields. */
    @Test
    @Requirement({"F-SV-47"})
    void hpack_authorization_isNeverIndexed() throws Exception {
        HpackEncoder encoder = new HpackEncoder();
        encoder.setMaxTableCapacity(4096);
        encoder.setTableCapacity(4096);
        ByteBuffer block = ByteBuffer.allocate(4096);
        encoder.encode(block, new HttpField("Authorization", "Payment e30"));
        assertThat(block.get(0) & 0xf0).isEqualTo(0x10);
        assertThat(encoder.getHpackContext().size()).isZero();
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private static Challenge challenge(RawHttp2.Answer answer) throws Exception {
        HttpFields fields = answer.fields();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(402);
        return Challenge.parse(fields.get("WWW-Authenticate"));
    }

    private static Problem problem(String body) throws Exception {
        return Problem.parse(body);
    }
}
