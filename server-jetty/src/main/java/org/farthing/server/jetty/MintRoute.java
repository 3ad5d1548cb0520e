package org.farthing.server.jetty;

import java.util.Arrays;
import java.util.Optional;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.TokenRequest;

/** The routes of a mint (specification: token-mint.md). */
enum MintRoute {
    /** What is published. */
    DIRECTORY("GET, HEAD", IssuerDirectory.WELL_KNOWN_PATH, 0),
    /** Sells a bundle. */
    PURCHASE("POST", "/token-purchase", MintRoute.LONGEST),
    /** Sells one token, as RFC 9578 has it. */
    REQUEST("POST", "/token-request", TokenRequest.LENGTH),
    /** Changes tokens. */
    SWAP("POST", "/token-swap", MintRoute.LONGEST),
    /** Signs again what was signed before. */
    RESTORE("POST", "/token-restore", MintRoute.LONGEST),
    /** Changes tokens of closed keys. */
    RECALL("POST", "/token-recall", MintRoute.LONGEST),
    /** Credits a payee, and tells it what was credited. */
    REDEMPTIONS("GET, POST", "/token-redemptions", MintRoute.LONGEST),
    /** Pays out what a charge gave back. */
    REFUND("POST", "/token-refund", MintRoute.LONGEST);

    /** 256 tokens and 256 messages in base64url, a credential or challenge, and their names. */
    private static final int LONGEST = 256 * 1024;

    /** What {@code Allow} says. */
    final String methods;

    /** Its path. */
    final String path;

    /** The longest body in bytes. */
    final int longestBody;

    MintRoute(String methods, String path, int longestBody) {
        this.methods = methods;
        this.path = path;
        this.longestBody = longestBody;
    }

    static Optional<MintRoute> at(String path) {
        return Arrays.stream(values()).filter(route -> route.path.equals(path)).findFirst();
    }

    boolean has(String method) {
        return Arrays.asList(methods.split(", ", -1)).contains(method);
    }

    /** Tells whether payees with books of their own may ask. */
    boolean isForPayees() {
        return this == SWAP || this == REDEMPTIONS;
    }

    /** Tells whether it is for sale. */
    boolean isSold() {
        return this == PURCHASE || this == REQUEST;
    }
}
