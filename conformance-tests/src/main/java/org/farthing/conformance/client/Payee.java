package org.farthing.conformance.client;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.protocol.wallet.WalletOpening;

/**
 * One origin that sells: its key, its key document, and the wallets that were opened at it. Every wallet is rich: money is not
 * what this suite is about.
 */
final class Payee {

    private static final String WALLETS = "/v1/wallets";
    private static final String PLENTY = "999999999999999999";

    private final String origin;
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
    private final Map<String, VerificationKey> wallets = new ConcurrentHashMap<>();

    Payee(String origin) {
        this.origin = origin;
    }

    String origin() {
        return origin;
    }

    /** {@code host:port}: its realm. */
    String realm() {
        return origin.substring(origin.indexOf("://") + 3);
    }

    /** What it signs with. */
    SigningKey key() {
        return key;
    }

    /** The key of a wallet that was opened here. */
    Optional<VerificationKey> wallet(String id) {
        return Optional.ofNullable(wallets.get(id));
    }

    /** Its key document (keys.md); another list of keys makes another document. */
    String keyDocument(List<VerificationKey> keys) {
        Map<String, Object> document = new TreeMap<>();
        document.put("keys", keys.stream().map(VerificationKey::toJwk).toList());
        document.put("payee", origin);
        document.put("origins", List.of(origin));
        document.put("realms", List.of(realm()));
        document.put("signed", "always");
        return CanonicalJson.write(document);
    }

    /** What it answers beside the script: its keys, and wallets that are opened or looked at. */
    Optional<Reply> beside(Received request, Instant now) {
        if (request.path().equals(KeyDirectory.WELL_KNOWN_PATH)) {
            return Optional.of(keysReply(keyDocument(List.of(key.publicKey()))));
        }
        if (request.path().equals(WALLETS) && request.method().equals("POST")) {
            return Optional.of(open(request, now));
        }
        if (request.path().startsWith(WALLETS + "/")) {
            String id = request.path().substring(WALLETS.length() + 1);
            return Optional.of(wallet(id)
                    .map(known -> json(200, walletObject(id, known, now)))
                    .orElse(Reply.status(401)));
        }
        return Optional.empty();
    }

    /** The answer with a key document. */
    static Reply keysReply(String document) {
        return Reply.status(200)
                .body("application/jwk-set+json", document)
                .with("Cache-Control", "public, max-age=3600");
    }

    /** Any wallet may be opened; that a wallet request is signed well is the wallet suite's business. */
    private Reply open(Received request, Instant now) {
        try {
            VerificationKey opened = WalletOpening.parse(request.body()).key();
            String id = WalletId.of(opened);
            boolean fresh = wallets.put(id, opened) == null;
            return json(fresh ? 201 : 200, walletObject(id, opened, now));
        } catch (MalformedException | IllegalArgumentException e) {
            return Reply.status(400).text("that opens no wallet: " + e.getMessage() + "\n");
        }
    }

    private static String walletObject(String id, VerificationKey key, Instant now) {
        return CanonicalJson.write(Map.of(
                "wallet", id,
                "status", "ACTIVE",
                "created", Rfc3339.format(now),
                "keys", List.of(key.thumbprint()),
                "accounts", List.of(Map.of("currency", "usd.e6", "available", PLENTY, "held", "0")),
                "limits", List.of()));
    }

    private static Reply json(int status, String text) {
        return Reply.status(status).body("application/json", text).with("Cache-Control", "no-store");
    }
}
