package org.farthing.conformance.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;

/** The payer's key, in a file, and money for it. */
record ReferenceWallet(Path file, SigningKey key) {

    private static final List<String> CURRENCIES = List.of("usd.e6", "eur.e6");
    /** 100.00 of each currency at each start: more than a suite spends. */
    private static final long MONEY = 100_000_000;

    static ReferenceWallet in(ReferenceFolder folder, String name) throws IOException {
        Path file = folder.file(name);
        if (!Files.exists(file)) {
            folder.write(
                    name,
                    SigningKey.generate(Algorithm.ED25519, null, new SecureRandom())
                                    .exportPrivateJwk() + "\n");
        }
        try {
            return new ReferenceWallet(file, SigningKey.fromJwk(Files.readString(file, UTF_8)));
        } catch (MalformedException e) {
            throw new IOException(file + " is no private key: " + e.getMessage(), e);
        }
    }

    String id() {
        return WalletId.of(key.publicKey());
    }

    /** Opens the wallet at a ledger, unless it is open, and fills it. */
    void fill(Ledger ledger, Instant now) {
        VerificationKey shown = key.publicKey();
        var unused = ledger.register(new WalletRegistration(
                        id(), new WalletKey(shown.thumbprint(), CanonicalJson.write(shown.toJwk()))))
                .toCompletableFuture()
                .join();
        for (String currency : CURRENCIES) {
            var unusedTopUp = ledger.topUp(
                            new TopUp(id(), currency, MONEY, "start-" + now.toEpochMilli() + "-" + currency))
                    .toCompletableFuture()
                    .join();
        }
    }

    /** The wallet's id, and no key. */
    @Override
    public String toString() {
        return "ReferenceWallet[" + id() + "]";
    }
}
