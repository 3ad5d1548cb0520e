package org.farthing.protocol.binding;

import java.util.Set;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Sha256;

/**
 * Secrets everybody can read: those of the specification and of {@code protocol-spec/vectors} that are long enough to pass
 * the floor, as text and decoded, by their SHA-256. People copy examples into production; {@link SecretRing} stops them
 * (F-BI-11).
 */
final class PublishedSecrets {

    private static final Set<String> HASHES = Set.of(
            "rDusLbCJ8xgeBnO8f7K-44MKPLsFgaIqJW2kiWruUEc",
            "RuIItdXllGowGmXxKtd8pc4g1VXo0H6GwoqoCDYGKO4",
            "UyMN6H1qTe7rXTYQ3goBaUlu4cR4AF7XgY_gErRWylA",
            "PUsR0FXTUO33r3W-iZ6cqxBR-ud6aYq4W598LtNbhQk",
            "cEtMImN7UANe-NDDO6z_kEtSvScPUzIwoDzHC8zWro8",
            "0VPKc7viSPQyc8xvs8LMKhJchWaJQggluiJv80OQFEA");

    private PublishedSecrets() {}

    static boolean contains(byte[] secret) {
        return counts(secret) || HASHES.contains(Base64Url.encode(Sha256.of(secret)));
    }

    /** 00 01 02 and so on: the secret of the specification's example, and of many other pages in other lengths. */
    private static boolean counts(byte[] secret) {
        for (int i = 1; i < secret.length; i++) {
            if (secret[i] != (byte) (secret[i - 1] + 1)) {
                return false;
            }
        }
        return true;
    }
}
