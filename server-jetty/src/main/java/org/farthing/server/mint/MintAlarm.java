package org.farthing.server.mint;

import org.jspecify.annotations.Nullable;

/**
 * Something a mint's operator must know at once (specification: token-mint.md, F-TK-95 to F-TK-99). It is in the log, too.
 *
 * @param kind what happened
 * @param keyId which key, or null
 * @param sentence what happened and what to do, for people
 */
public record MintAlarm(Kind kind, @Nullable String keyId, String sentence) {

    /** What may happen. */
    public enum Kind {
        /** More tokens of a key were used than issued: somebody else signs with it. It is closed. */
        INSOLVENT,
        /** The ledger, the folder and the configuration do not fit together, or keys cannot be read or made. */
        KEYS
    }
}
