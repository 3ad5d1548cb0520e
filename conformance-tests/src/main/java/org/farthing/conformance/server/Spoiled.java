package org.farthing.conformance.server;

import java.util.Locale;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.BlindToken;

/** Tokens with one byte changed. */
final class Spoiled {

    /** What of a token is changed; its parts follow each other without gaps. */
    enum Part {
        /** Which token it is. */
        NONCE(2),
        /** Whom it is for. */
        CHALLENGE_DIGEST(34),
        /** What it is worth. */
        KEY_ID(66),
        /** That it is real. */
        AUTHENTICATOR(98);

        private final int from;

        Part(int from) {
            this.from = from;
        }

        /** Its name in a sentence. */
        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private Spoiled() {}

    /** The token with one bit of a part turned over, in its eighth byte. */
    static BlindToken token(BlindToken token, Part part) {
        return changed(token, part.from + 7, 1);
    }

    /** Something of the form of the token with another serial, another one for each number from 1. */
    static BlindToken another(BlindToken token, int number) {
        return changed(token, Part.NONCE.from, number);
    }

    private static BlindToken changed(BlindToken token, int at, int by) {
        byte[] bytes = token.bytes();
        bytes[at] ^= (byte) by;
        try {
            return BlindToken.parse(bytes);
        } catch (MalformedException e) {
            throw new IllegalStateException("its form is that of a token still", e);
        }
    }
}
