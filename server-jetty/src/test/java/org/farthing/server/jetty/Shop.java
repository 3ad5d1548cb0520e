package org.farthing.server.jetty;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.farthing.protocol.wallet.WalletRequest;

/** A payee on loopback: it publishes its keys, makes challenges as a wallet service may see them, good and bad, and collects. */
final class Shop implements AutoCloseable {

    private static final Duration VALID = Duration.ofMinutes(5);

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final Server server = new Server();
    private final AtomicInteger fetches = new AtomicInteger();
    private final Origin origin;
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, "shop-1", random);
    private volatile String document = "";
    private volatile boolean closedForKeys;

    Shop(InstantSource clock) throws Exception {
        this.clock = clock;
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                fetches.incrementAndGet();
                response.setStatus(closedForKeys ? 503 : 200);
                response.write(true, ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)), callback);
                return true;
            }
        });
        server.start();
        origin = new Origin("http://127.0.0.1:" + connector.getLocalPort());
        publishes(key);
    }

    Origin origin() {
        return origin;
    }

    SigningKey key() {
        return key;
    }

    /** How often its keys were asked for. */
    int fetches() {
        return fetches.get();
    }

    void publishes(SigningKey... keys) {
        List<org.farthing.protocol.signature.VerificationKey> shown = new ArrayList<>();
        for (SigningKey one : keys) {
            shown.add(one.publicKey());
        }
        publishes(KeyDirectory.of(origin, shown).format());
    }

    void publishes(String text) {
        document = text;
    }

    void answersForKeys(boolean answers) {
        closedForKeys = !answers;
    }

    /** A good challenge of a request for a dollar's thousandth, unless a test changes it. */
    Draft offer(Origin service) {
        return new Draft(service);
    }

    /** A challenge in the making. */
    final class Draft {

        private SigningKey signer = key;
        private String id = token();
        private String realm = origin.realm();
        private String method = "wallet";
        private String intent = "charge";
        private String expires = Rfc3339.format(clock.instant().plus(VALID));
        private String opaque;
        private String amount = "1000";
        private String currency = "usd.e6";
        private String recipient = origin.text();
        private final Map<String, Object> details = new TreeMap<>();

        private Draft(Origin service) {
            details.put("capture", "exact");
            details.put("providers", "https://other.example " + service.text());
            opaque = Opaque.exact(
                            Opaque.newNonce(random),
                            RequestTarget.of("GET", origin, "/doc", null).rb())
                    .format();
        }

        Draft signer(SigningKey other) {
            signer = other;
            return this;
        }

        Draft id(String other) {
            id = other;
            return this;
        }

        Draft realm(String other) {
            realm = other;
            return this;
        }

        Draft method(String other) {
            method = other;
            return this;
        }

        Draft intent(String other) {
            intent = other;
            return this;
        }

        Draft expiresIn(Duration time) {
            expires = Rfc3339.format(clock.instant().plus(time));
            return this;
        }

        Draft opaque(String other) {
            opaque = other;
            return this;
        }

        Draft amount(long other) {
            amount = Long.toString(other);
            return this;
        }

        Draft currency(String other) {
            currency = other;
            return this;
        }

        Draft recipient(String other) {
            recipient = other;
            return this;
        }

        Draft detail(String name, String value) {
            details.put(name, value);
            return this;
        }

        Challenge challenge() {
            try {
                PaymentRequest request = new PaymentRequest(
                        Amount.parse(amount, "amount"),
                        new CurrencyId(currency),
                        recipient,
                        null,
                        null,
                        details,
                        Map.of());
                ChallengeTerms terms =
                        new ChallengeTerms(realm, method, intent, request.format(), expires, null, opaque, null);
                return ChallengeSigner.sign(signer, new Challenge(id, terms, null, null));
            } catch (org.farthing.protocol.MalformedException e) {
                throw new AssertionError(e);
            }
        }
    }

    String token() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** The payee's word that it charged nothing. */
    ReleaseStatement released(Challenge challenge) {
        return ReleaseStatement.sign(key, challenge.id(), origin, clock.instant());
    }

    /** Asks a service, signed with the payee's key. */
    HttpTester.Response send(Answers service, Origin of, String method, String pathAndQuery, String body)
            throws Exception {
        return send(service, of, method, pathAndQuery, body, key, origin.text());
    }

    HttpTester.Response send(
            Answers service,
            Origin of,
            String method,
            String pathAndQuery,
            String body,
            SigningKey signer,
            String issuer)
            throws Exception {
        int question = pathAndQuery.indexOf('?');
        RequestTarget target = question < 0
                ? RequestTarget.of(method, of, pathAndQuery, null)
                : RequestTarget.of(
                        method, of, pathAndQuery.substring(0, question), pathAndQuery.substring(question + 1));
        byte[] id = new byte[16];
        random.nextBytes(id);
        String bearer = WalletRequest.sign(
                signer,
                issuer,
                of,
                target,
                body.getBytes(StandardCharsets.UTF_8),
                clock.instant(),
                Base64Url.encode(id));
        return service.to(
                method + " " + pathAndQuery + " HTTP/1.1\nHost: " + of.realm() + "\nAuthorization: Bearer " + bearer,
                body);
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
