package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;

/**
 * The keys the processes of a load run share. The run knows the server's secret, so it can make the challenges it pays itself,
 * as many as wrk will need, before the clock runs.
 *
 * @param payee signs challenges and receipts
 * @param secret binds challenge ids, in base64
 * @param payers one wallet each, at the payee and at the wallet service
 */
record LoadKeys(SigningKey payee, String secret, List<SigningKey> payers) {

    private static final int PAYERS = 100;
    private static final long PLENTY = 1_000_000_000_000L;

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

    /** Whose turn it is: purchases are spread over the wallets. */
    SigningKey payer(int turn) {
        return payers.get(turn % payers.size());
    }

    static String wallet(SigningKey key) {
        return WalletId.of(key.publicKey());
    }

    private static String publicJwk(SigningKey key) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        for (String name : List.of("crv", "kty", "x")) {
            members.add("\"" + name + "\":\"" + key.publicKey().toJwk().get(name) + "\"");
        }
        return members.toString();
    }

    /** Opens the payers' wallets and fills them. */
    void fund(Ledger ledger) {
        for (SigningKey key : payers) {
            String wallet = wallet(key);
            WalletKey walletKey = new WalletKey(key.publicKey().thumbprint(), publicJwk(key));
            ledger.register(new WalletRegistration(wallet, walletKey))
                    .toCompletableFuture()
                    .join();
            ledger.topUp(new TopUp(wallet, LoadChallenges.CURRENCY.text(), PLENTY, "load"))
                    .toCompletableFuture()
                    .join();
        }
    }

    /** So many credentials with orders, each good for one request. */
    List<String> orders(Origin origin, int count) {
        LoadChallenges challenges = LoadChallenges.forOrders(this, origin);
        List<String> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(credential(payer(i), challenges.next(), origin).format());
        }
        return fields;
    }

    private static Credential credential(SigningKey payer, Challenge challenge, Origin origin) {
        PaymentOrder order = PaymentOrder.sign(payer, challenge, origin, LoadChallenges.PRICE, wallet(payer));
        try {
            return Credential.of(challenge, null, order.toPayload());
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }
}
