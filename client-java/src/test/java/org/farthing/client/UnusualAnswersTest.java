package org.farthing.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Free;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.testing.Offer;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as intermediaries, later versions and careless servers write them: paid if they can be, and never by mistake. */
@Timeout(60)
class UnusualAnswersTest {

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

    private static DeclineReason declined(PaidResponse<String> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        return ((Declined) answer.outcome()).why();
    }

    private void answersUnpaid(BiFunction<Received, String, Reply> unpaid) {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> unpaid.apply(
                        request,
                        fixture.payee.signed(fixture.payee.offer(request)).format()),
                (request, paid) -> fixture.payee.serve(paid)));
    }

    private record Change(String name, BiFunction<Received, String, Reply> unpaid) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Change> harmlessChanges() {
        return List.of(
                new Change(
                        "lines merged into one",
                        (request, payment) -> Reply.of(402)
                                .header(
                                        "WWW-Authenticate",
                                        "Bearer realm=\"a, Payment b\", " + payment + ", Basic realm=x")),
                new Change(
                        "another challenge in front",
                        (request, payment) -> Reply.of(402)
                                .header("WWW-Authenticate", "Negotiate")
                                .header("WWW-Authenticate", payment)),
                new Change(
                        "name in other letters",
                        (request, payment) -> Reply.of(402).header("www-AUTHENTICATE", payment)),
                new Change(
                        "scheme in other letters",
                        (request, payment) -> Reply.of(402)
                                .header("WWW-Authenticate", "pAyMeNt" + payment.substring("Payment".length()))),
                new Change(
                        "body and its type replaced",
                        (request, payment) -> Reply.of(402)
                                .header("WWW-Authenticate", payment)
                                .header("Content-Type", "text/html")
                                .body("<h1>Blocked</h1>")),
                new Change(
                        "no body, and fields of proxies",
                        (request, payment) -> Reply.of(402)
                                .header("Via", "1.1 proxy")
                                .header("Age", "3")
                                .header("WWW-Authenticate", payment)),
                new Change(
                        "in chunks",
                        (request, payment) -> Reply.of(402)
                                .header("WWW-Authenticate", payment)
                                .header("Transfer-Encoding", "chunked")
                                .streamed(out -> out.write("3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n".getBytes(US_ASCII)))));
    }

    @ParameterizedTest
    @MethodSource("harmlessChanges")
    @Requirement({"C15", "C19"})
    void send_402AsIntermediariesChangeIt_isPaid(Change change) throws Exception {
        answersUnpaid(change.unpaid());
        assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.payee.takable()).isEqualTo(2500);
    }

    @Test
    @Requirement({"C15", "F-CL-50"})
    void send_challengeRemovedOnTheWay_is402WithoutOne() throws Exception {
        answersUnpaid((request, payment) -> Reply.of(402).body("Pay."));
        PaidResponse<String> answer = fixture.get("/");
        assertThat(declined(answer)).isEqualTo(DeclineReason.NO_CHALLENGE);
        assertThat(answer.response().orElseThrow().body()).isEqualTo("Pay.");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 400, 401, 403, 404, 407, 500})
    @Requirement({"F-CH-27", "F-CL-3"})
    void send_challengeOnAnotherStatus_isNotPaid(int status) throws Exception {
        answersUnpaid((request, payment) ->
                Reply.of(status).header("WWW-Authenticate", payment).header("Proxy-Authenticate", "Basic realm=\"x\""));
        assertThat(fixture.get("/").outcome()).isInstanceOf(Free.class);
        assertThat(fixture.server.received()).hasSize(1);
        assertThat(fixture.payee.payments()).isZero();
    }

    @Test
    @Requirement({"C7", "C2"})
    void send_unknownParametersAndMembers_arePaidAndNotEchoed() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> {
                    Offer offer = fixture.payee.offer(request);
                    offer.request = withMember(fixture.payee.signed(offer));
                    return Reply.of(402)
                            .header(
                                    "WWW-Authenticate",
                                    fixture.payee.signed(offer).format() + ", tip=\"1000\", X-Later=token");
                },
                (request, paid) -> fixture.payee.serve(paid)));
        assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
        Received paid = fixture.server.received().get(1);
        assertThat(echoed(paid))
                .as("not a name of theirs; the values are random, and hold any short word now and then")
                .contains("id", "request")
                .doesNotContain("tip", "x-later", "X-Later");
        assertThat(paid.credential().orElseThrow().challenge().paymentRequest().extensions())
                .as("what the payee wrote into the request comes back to it as it was")
                .containsEntry("loyalty", "gold");
        assertThat(fixture.payee.takable()).isEqualTo(2500);
    }

    /** The names of what a credential says of its challenge. */
    private static Set<String> echoed(Received paid) throws MalformedException {
        String token = paid.header("Authorization").orElseThrow().substring("Payment ".length());
        Object challenge = StrictJson.parseObject(decoded(token), "credential", StrictJson.Limits.BODY)
                .get("challenge");
        Set<String> names = new HashSet<>();
        ((Map<?, ?>) requireNonNull(challenge)).keySet().forEach(name -> names.add((String) name));
        return names;
    }

    private static String decoded(String text) throws MalformedException {
        return new String(Base64Url.decode(text, "text"), UTF_8);
    }

    private static String withMember(Challenge challenge) {
        try {
            Map<String, Object> members = new TreeMap<>(
                    StrictJson.parseObject(decoded(challenge.request()), "request", StrictJson.Limits.BODY));
            members.put("loyalty", "gold");
            return Base64Url.encodeUtf8(CanonicalJson.write(members));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement({"C21", "C1", "F-CH-24"})
    void send_unknownHeaderParameter_isSkippedBesideAGoodChallengeAndDeclinedAlone() throws Exception {
        answersUnpaid((request, payment) ->
                Reply.of(402).header("WWW-Authenticate", payment.replaceFirst("realm=", "header=\"X-Pay\", realm=")));
        assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.MALFORMED_CHALLENGE);
        answersUnpaid((request, payment) -> Reply.of(402)
                .header("WWW-Authenticate", payment.replaceFirst("realm=", "header=\"X-Pay\", realm="))
                .header("WWW-Authenticate", payment));
        assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
        assertThat(fixture.server.received())
                .allSatisfy(request -> assertThat(request.lines("X-Pay")).isEmpty());
    }

    @Test
    @Requirement({"F-CL-12", "C10", "C17"})
    void send_challengesPassedOver_areToldOneByOne() throws Exception {
        List<String> passed = new ArrayList<>();
        try (Fixture told = new Fixture(
                temp.resolve("told"),
                policy -> policy,
                builder -> builder.listener(event -> {
                    if (event instanceof PaymentEvent.Passed over) {
                        passed.add(over.challenge().method() + " "
                                + over.declined().why());
                    }
                }))) {
            told.server.script(told.payee.script(
                    told.payer(),
                    request -> {
                        Offer other = told.payee.offer(request);
                        other.method = "lightning";
                        Offer late = told.payee.offer(request);
                        late.expires = "2026-11-22T09:00:30Z";
                        Offer good = told.payee.offer(request);
                        Reply reply = Reply.of(402)
                                .header(
                                        "WWW-Authenticate",
                                        told.payee.signed(other).format())
                                .header(
                                        "WWW-Authenticate",
                                        told.payee.signed(late).format());
                        return request.target().equals("/bad")
                                ? reply
                                : reply.header(
                                        "WWW-Authenticate",
                                        told.payee.signed(good).format());
                    },
                    (request, paid) -> told.payee.serve(paid)));
            assertThat(told.get("/good").outcome()).isInstanceOf(Served.class);
            assertThat(passed).containsExactly("wallet EXPIRED");
            passed.clear();
            assertThat(declined(told.get("/bad"))).isEqualTo(DeclineReason.EXPIRED);
            assertThat(passed).containsExactly("wallet EXPIRED", "lightning METHOD_UNSUPPORTED");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    @Requirement({"F-BI-45", "F-CL-9"})
    void send_bodyOfAnotherLengthThanSaid_isNotSent(int said) {
        HttpRequest request = HttpRequest.newBuilder(fixture.uri("/"))
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("abc"), said))
                .build();
        assertThatThrownBy(() -> fixture.send(request))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(said < 3 ? "longer" : "shorter");
        assertThat(fixture.server.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    @Requirement({"F-CL-26", "F-CL-22"})
    void send_redirectOfAPost_goesToTheCaller(int status) throws Exception {
        answersUnpaid((request, payment) -> Reply.of(status).header("Location", "/elsewhere"));
        PaidResponse<String> answer = fixture.send(HttpRequest.newBuilder(fixture.uri("/"))
                .POST(BodyPublishers.ofString("abc"))
                .build());
        assertThat(answer.outcome()).isInstanceOf(Free.class);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(status);
        assertThat(fixture.server.received()).extracting(Received::target).containsExactly("/");
    }

    @Test
    @Requirement({"C11", "F-AP-6"})
    void send_acceptPaymentAnnounced_challengeIsCheckedAllTheSame() throws Exception {
        fixture.server.script(fixture.payee.script(
                fixture.payer(),
                request -> {
                    assertThat(request.header("Accept-Payment")).contains("wallet/charge");
                    // The very method that was announced, and dearer than the owner allows.
                    return fixture.payee.demand(request, offer -> offer.amount = 10_001);
                },
                (request, paid) -> fixture.payee.serve(paid)));
        assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.PER_REQUEST_LIMIT);
        assertThat(fixture.payee.payments()).isZero();
    }

    @Test
    @Requirement({"C11", "F-CL-52", "F-AP-6"})
    void send_announcementOffOrTheCallersOwn_changesNothingAboutPaying() throws Exception {
        try (Fixture silent =
                new Fixture(temp.resolve("silent"), policy -> policy, builder -> builder.announce(false))) {
            assertThat(silent.get("/").outcome()).isInstanceOf(Served.class);
            assertThat(silent.server.received())
                    .allSatisfy(request ->
                            assertThat(request.lines("Accept-Payment")).isEmpty());
        }
        HttpRequest own = HttpRequest.newBuilder(fixture.uri("/"))
                .header("Accept-Payment", "tempo/charge;q=0.5")
                .build();
        assertThat(fixture.send(own).outcome()).isInstanceOf(Served.class);
        assertThat(fixture.server.received())
                .extracting(request -> request.lines("Accept-Payment"))
                .containsOnly(List.of("tempo/charge;q=0.5"));
    }
}
