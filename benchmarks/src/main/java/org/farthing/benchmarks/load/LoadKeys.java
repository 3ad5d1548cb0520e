package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;

/**
 * The keys both sides of a load run share. The run knows the server's secret, so it can make the challenges it pays itself,
 * as many as wrk will need, before the clock runs.
 *
 * @param payee signs challenges and receipts
 * @param secret binds challenge ids, in base64
 * @param payers one wallet each
 */
record LoadKeys(SigningKey payee, String secret, List<SigningKey> payers) {

    private static final int PAYERS = 100;
    private static final Amount PRICE = Amount.of(500);

    static LoadKeys create(Path folder) throws IOException {
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        List<String> lines = new ArrayList<>();
        lines.add(Base64.getEncoder().encodeToString(secret));
        for (int i = 0; i <= PAYERS; i++) {
            lines.add(SigningKey.generate(Algorithm.ED25519, null, random).exportPrivateJwk());
        }
        Files.write(folder.resolve("keys"), lines);
        return read(folder);
    }

    static LoadKeys read(Path folder) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("keys"));
        List<SigningKey> keys = new ArrayList<>();
        for (String jwk : lines.subList(1, lines.size())) {
            keys.add(key(jwk));
        }
        return new LoadKeys(keys.get(0), lines.get(0), keys.subList(1, keys.size()));
    }

    private static SigningKey key(String jwk) throws IOException {
        try {
            return SigningKey.fromJwk(jwk);
        } catch (MalformedException e) {
            throw new IOException("the run's own key file is damaged", e);
        }
    }

    SecretRing ring() {
        return SecretRing.builder().current(Base64.getDecoder().decode(secret)).build();
    }

    static String wallet(SigningKey key) {
        return WalletId.of(key.publicKey());
    }

    static String publicJwk(SigningKey key) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        for (String name : List.of("crv", "kty", "x")) {
            members.add("\"" + name + "\":\"" + key.publicKey().toJwk().get(name) + "\"");
        }
        return members.toString();
    }

    static ChallengeTerms terms(String realm, String opaque) {
        return terms(realm, "http://" + realm, opaque);
    }

    private static ChallengeTerms terms(String realm, String recipient, String opaque) {
        String expires =
                Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS).toString();
        String request = new PaymentRequest(
                        PRICE, new CurrencyId("usd.e6"), recipient, null, null, Map.of("capture", "exact"), Map.of())
                .format();
        return new ChallengeTerms(realm, "wallet", "charge", request, expires, null, opaque, null);
    }

    /** So many credentials, each good for one request, spread over the wallets. */
    List<String> credentials(int port, int count) {
        SecureRandom random = new SecureRandom();
        SecretRing ring = ring();
        Origin origin = new Origin("http://127.0.0.1:" + port);
        String rb = RequestTarget.of("GET", origin, "/paid", null).rb();
        List<String> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String opaque = Opaque.exact(Opaque.newNonce(random), rb).format();
            ChallengeTerms terms = terms("127.0.0.1:" + port, origin.text(), opaque);
            Challenge challenge = new Challenge(ring.id(terms), terms, null, null);
            fields.add(
                    credential(payers.get(i % payers.size()), challenge, origin).format());
        }
        return fields;
    }

    private static Credential credential(SigningKey payer, Challenge challenge, Origin origin) {
        PaymentOrder order = PaymentOrder.sign(payer, challenge, origin, PRICE, wallet(payer));
        try {
            return Credential.of(challenge, null, order.toPayload());
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }
}
