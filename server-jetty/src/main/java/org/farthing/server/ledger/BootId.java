package org.farthing.server.ledger;

import java.security.SecureRandom;
import java.util.Base64;

/** Names one run of a node, so that nobody takes the next one for it. */
final class BootId {

    private BootId() {}

    static String make() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
