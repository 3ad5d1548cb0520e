package org.farthing.protocol.wallet;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.CanonicalJson;

/**
 * Freezes a wallet or lifts that: the body of {@code POST /v1/wallets/{id}/freeze} (spec/wallets.md F-WA-32).
 *
 * @param frozen whether nothing may be held from now on
 */
public record FreezeChange(boolean frozen) {

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the change
     * @throws MalformedException if {@code frozen} is not the text {@code true} or {@code false}
     */
    public static FreezeChange parse(byte[] body) throws MalformedException {
        String frozen = Body.parse(body, Body.SMALL).text("frozen");
        if (!frozen.equals("true") && !frozen.equals("false")) {
            throw new MalformedException(Fault.VALUE, "body.frozen", "true or false is needed, as a string");
        }
        return new FreezeChange(frozen.equals("true"));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(Map.of("frozen", Boolean.toString(frozen)));
    }
}
