package org.farthing.protocol.token;

import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/** Tokens as payment: the {@code payload} of a credential of method {@code token} (F-TK-24). */
public final class TokenPayload {

    /** What {@code type} says. */
    public static final String TYPE = "tokens";

    private static final String WHERE = "payload";

    private TokenPayload() {}

    /**
     * Writes a payload.
     *
     * @param tokens the tokens, at least one
     * @return the members, strings only: as good as money
     */
    public static Map<String, Object> toPayload(List<BlindToken> tokens) {
        return Map.of("type", TYPE, "tokens", BlindToken.formatAll(tokens));
    }

    /**
     * Reads a payload. No token is verified by being read.
     *
     * @param payload the payload of a credential; unknown members are ignored
     * @param maxTokens how many tokens are allowed
     * @return the tokens, at least one, each serial once
     * @throws MalformedException if it is no such payload; with {@link Fault#TOO_LARGE} if there are more tokens
     */
    public static List<BlindToken> parse(Map<String, ? extends @Nullable Object> payload, int maxTokens)
            throws MalformedException {
        Members members = new Members(payload, WHERE);
        if (!members.text("type").equals(TYPE)) {
            throw new MalformedException(Fault.VALUE, WHERE + ".type", TYPE + " is needed");
        }
        return BlindToken.parseAll(members.text("tokens"), maxTokens);
    }
}
