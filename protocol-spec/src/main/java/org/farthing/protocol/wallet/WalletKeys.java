package org.farthing.protocol.wallet;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a purse, all from one seed: one for each ledger, so that payees who compare their books cannot recognise a
 * customer by the key, and a backup of the seed is a backup of every wallet.
 */
public final class WalletKeys {

    /** How long a purse's seed is, in bytes. */
    public static final int SEED_BYTES = 32;

    private static final String INFO = "farthing-wallet-v1|";

    private WalletKeys() {}

    /**
     * The key for one ledger: Ed25519 from HKDF-SHA-256 (RFC 5869) without salt, info {@code farthing-wallet-v1|} and the
     * ledger's origin. A loopback origin has its own key like any other.
     *
     * @param seed the purse's seed, {@value #SEED_BYTES} random bytes
     * @param ledger the origin of the ledger that debits
     * @return the key, named by its thumbprint
     * @throws IllegalArgumentException if the seed has another length
     */
    public static SigningKey derive(byte[] seed, Origin ledger) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a purse's seed has " + SEED_BYTES + " bytes");
        }
        byte[] info = (INFO + ledger.text()).getBytes(StandardCharsets.UTF_8);
        return SigningKey.fromEd25519Seed(hkdf(seed, null, info, SEED_BYTES));
    }

    /** RFC 5869 with SHA-256. */
    static byte[] hkdf(byte[] secret, byte @Nullable [] salt, byte[] info, int length) {
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(secret, salt, info));
        byte[] out = new byte[length];
        generator.generateBytes(out, 0, length);
        return out;
    }
}
