package org.farthing.protocol.signature;

import java.util.Set;

/** Thumbprints of keys whose private halves stand in RFCs or in our own vectors. */
final class PublishedKeys {

    private static final Set<String> THUMBPRINTS = Set.of(
            // RFC 8032 section 7.1 test 1, which is also RFC 8037 appendix A.1
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");

    private PublishedKeys() {}

    static boolean contains(String thumbprint) {
        return THUMBPRINTS.contains(thumbprint);
    }
}
