package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.TestIssuer;
import org.jspecify.annotations.Nullable;

/**
 * A paywall with a good credential of every kind, each to be sent with one thing changed. A refused credential leaves nothing
 * behind, so one challenge does for any number of changes, and the unchanged credential is served at the end.
 */
final class PaidRequests implements AutoCloseable {

    /** The ways a challenge is bound and a payment is proven. */
    enum Kind {
        ORDER("GET", "/docs/a", "Authorization"),
        ES256_ORDER("GET", "/docs/a", "Authorization"),
        ORDER_IN_OWN_FIELD("GET", "/own/a", "Payment-Authorization"),
        ORDER_WITH_BODY("POST", "/docs/a", "Authorization"),
        ORDER_FOR_LESS("GET", "/upto/a", "Authorization"),
        RECEIPT("GET", "/docs/a", "Authorization"),
        TOKEN("GET", "/docs/a", "Authorization");

        final String method;
        final String path;
        final String field;

        Kind(String method, String path, String field) {
            this.method = method;
            this.path = path;
            this.field = field;
        }

        @Nullable
        String body() {
            return method.equals("POST") ? "{\"q\":1}" : null;
        }
    }

    /** Members of the credential that are texts of the challenge and bound by its id, or by what is signed. */
    static final List<String> SLOTS =
            List.of("id", "realm", "method", "intent", "request", "expires", "digest", "opaque", "header");

    private static final long FUNDS = 100_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    final Paywall paywall;
    final WalletHouse house;
    final TestIssuer issuer;
    private final Path folder;
    private final Payer payer = Payer.with(SigningKey.generate(Algorithm.ED25519, null, RANDOM));
    private final Payer es256Payer = Payer.with(SigningKey.generate(Algorithm.ES256, null, RANDOM));
    private int served;
    private int executed;
    private List<Long> money = List.of(FUNDS, 0L, FUNDS, 0L);
    private final Map<Kind, Paid> good = new EnumMap<>(Kind.class);

    PaidRequests() {
        try {
            folder = Files.createTempDirectory("farthing-paid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        paywall = new Paywall(folder);
        paywall.open(payer, FUNDS);
        paywall.open(es256Payer, FUNDS);
        house = new WalletHouse(paywall.clock);
        issuer = TestIssuer.shared(paywall.clock);
        TokenTill.openKeys(paywall.ledger(), issuer);
        paywall.boot(PaidRequests::prices, this::settings);
    }

    private static void prices(PriceList.Builder prices) {
        prices.charge("/docs/*", Paywall.offer().build());
        prices.charge("/upto/*", Paywall.offer().upTo().build());
        prices.charge(
                "/own/*",
                Paywall.offer()
                        .credentialField(CredentialField.PAYMENT_AUTHORIZATION)
                        .build());
    }

    private void settings(PaymentHandler handler) {
        handler.setWalletServices(
                AcceptedServices.none().with(WalletHouse.ORIGIN.text()).withExposure("5000usd"));
        handler.setServiceLinks(house.links());
        handler.setTokens(AcceptedTokens.of(issuer));
    }

    /** The credential of this kind that all changes start from. */
    Paid good(Kind kind) {
        return good.computeIfAbsent(kind, this::fresh);
    }

    /** A credential for a challenge of its own. */
    Paid fresh(Kind kind) {
        HttpTester.Response demand = paywall.send(kind.method, kind.path, kind.body());
        Challenge challenge = challengeOf(kind, demand).withDescription("One document");
        if (kind == Kind.TOKEN) {
            return new Paid(
                    kind,
                    challenge,
                    Credential.of(challenge, null, TokenPayload.toPayload(issuer.tokens(TokenTill.SHOP, Paywall.PRICE)))
                            .token68());
        }
        if (kind == Kind.RECEIPT) {
            return new Paid(kind, challenge, house.pay(challenge).token68());
        }
        Credential credential = switch (kind) {
            case ES256_ORDER -> es256Payer.credential(challenge);
            case ORDER_FOR_LESS -> payer.credential(challenge, Amount.of(900));
            default -> payer.credential(challenge);
        };
        return new Paid(kind, challenge, credential.token68());
    }

    private static Challenge challengeOf(Kind kind, HttpTester.Response demand) {
        return switch (kind) {
            case RECEIPT -> WalletHouse.challengeOf(demand);
            case TOKEN -> TokenTill.challenge(demand);
            default -> Payer.challengeOf(demand);
        };
    }

    /**
     * One good credential.
     *
     * @param kind its kind
     * @param challenge what it pays
     * @param token68 its bytes
     */
    record Paid(Kind kind, Challenge challenge, String token68) {

        /** Its members, to be changed. */
        Map<String, @Nullable Object> members() {
            return read(token68);
        }

        /** Members of the echo, to be changed; {@link #withEcho} puts them back. */
        Map<String, @Nullable Object> echo() {
            return copy(members().get("challenge"));
        }

        String withEcho(Map<String, @Nullable Object> echo) {
            return with("challenge", echo);
        }

        /** Members of the proof, to be changed; {@link #withPayload} puts them back. */
        Map<String, @Nullable Object> payload() {
            return copy(members().get("payload"));
        }

        String withPayload(Map<String, @Nullable Object> payload) {
            return with("payload", payload);
        }

        String withEcho(String name, @Nullable Object value) {
            Map<String, @Nullable Object> echo = echo();
            echo.put(name, value);
            return withEcho(echo);
        }

        String withPayload(String name, @Nullable Object value) {
            Map<String, @Nullable Object> payload = payload();
            payload.put(name, value);
            return withPayload(payload);
        }

        private String with(String name, Object value) {
            Map<String, @Nullable Object> members = members();
            members.put(name, value);
            return write(members);
        }
    }

    static Map<String, @Nullable Object> read(String base64url) {
        try {
            return new TreeMap<>(
                    StrictJson.parseObject(Base64Url.decode(base64url, "test"), "test", StrictJson.Limits.FIELD));
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static String write(Map<String, @Nullable Object> members) {
        return Base64Url.encodeUtf8(CanonicalJson.write(members));
    }

    private static Map<String, @Nullable Object> copy(@Nullable Object object) {
        Map<String, @Nullable Object> copy = new TreeMap<>();
        if (object instanceof Map<?, ?> map) {
            map.forEach((name, value) -> copy.put((String) name, value));
        }
        return copy;
    }

    // ---- at the gate ---------------------------------------------------------------------------------------------

    HttpTester.Response send(Kind kind, String token68) {
        return paywall.send(kind.method, kind.path, kind.body(), kind.field + ": Payment " + token68);
    }

    /** Sends lines of a header as they are, each character a byte, on a connection of their own. */
    HttpTester.Response sendLines(Kind kind, String... lines) {
        StringBuilder head =
                new StringBuilder(kind.method).append(' ').append(kind.path).append(" HTTP/1.1\r\n");
        head.append("Host: api.example.com\r\n");
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        String body = kind.body() == null ? "" : kind.body();
        if (!body.isEmpty()) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return sendBytes(head.append("\r\n").append(body).toString());
    }

    /** Sends a whole request as it is, each character a byte, and reads one answer. */
    HttpTester.Response sendBytes(String request) {
        LocalConnector.LocalEndPoint connection = paywall.connect();
        connection.addInputAndExecute(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
        connection.addInputEOF();
        try {
            return HttpTester.parseResponse(HttpTester.from(connection.getResponse(false, 30, TimeUnit.SECONDS)));
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** Sends it, and checks the whole answer: one of these problems, and nothing served or executed. */
    void refuses(Paid paid, String token68, Set<ProblemType> allowed) throws MalformedException {
        int before = paywall.executions.get();
        refused(send(paid.kind(), token68), paid, allowed);
        assertThat(paywall.executions).hasValue(before);
    }

    static void refused(HttpTester.Response answer, Paid paid, Set<ProblemType> allowed) throws MalformedException {
        Problem problem = Problem.parse(answer.getContentBytes());
        assertThat(problem.type()).isIn(allowed);
        assertThat(answer.getStatus()).isEqualTo(problem.type().defaultStatus());
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        String outcome = answer.get("Payment-Outcome");
        assertThat(outcome == null || outcome.startsWith("refused;")).isTrue();
        List<String> fields = answer.getValuesList("WWW-Authenticate");
        // Tokens give no change, so they pay no price "up to".
        int offered = paid.kind() == Kind.ORDER_FOR_LESS ? 2 : 3;
        assertThat(fields).hasSize(answer.getStatus() == 402 ? offered : 0);
        for (String field : fields) {
            Challenge fresh = Challenge.parse(field);
            assertThat(fresh.id()).isNotEqualTo(paid.challenge().id());
            assertThat(fresh.jws()).isNotNull();
        }
    }

    /** Says how many requests a test had served on purpose. */
    void served(int count) {
        served += count;
    }

    /** No change so far took anything or left anything behind, and what they all started from is good. Then it starts anew. */
    void nothingHappenedAndTheUnchangedAreServed() throws MalformedException {
        assertThat(paywall.executions).hasValue(executed + served);
        assertThat(paywall.balanced()).isTrue();
        if (served == 0) {
            assertThat(money()).isEqualTo(money);
        }
        for (Paid paid : good.values()) {
            assertThat(Paywall.await(paywall.ledger().charge(paid.challenge().id())))
                    .isEmpty();
            assertThat(send(paid.kind(), paid.token68()).getStatus()).isEqualTo(200);
            served++;
        }
        executed += served;
        assertThat(paywall.executions).hasValue(executed);
        served = 0;
        good.clear();
        money = money();
    }

    /** What the payers have, available and set aside. */
    private List<Long> money() {
        return Stream.of(payer, es256Payer)
                .map(paywall::account)
                .flatMap(account -> Stream.of(account.available(), account.held()))
                .toList();
    }

    @Override
    public void close() {
        paywall.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
