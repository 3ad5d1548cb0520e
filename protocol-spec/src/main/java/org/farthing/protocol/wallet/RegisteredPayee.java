package org.farthing.protocol.wallet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Rfc3339;

/**
 * A payee as a wallet service has it registered: the answer of {@code POST /v1/payees} (spec/wallet-service.md F-WS-15).
 *
 * @param registration who it is and what it may
 * @param fetched when its key document was fetched, whole seconds
 * @param keys the names of the keys in it
 */
public record RegisteredPayee(PayeeRegistration registration, Instant fetched, List<String> keys) {

    /**
     * Copies the list.
     *
     * @param registration as described at the record
     * @param fetched as described at the record
     * @param keys as described at the record
     * @throws IllegalArgumentException if the time has a fraction
     */
    public RegisteredPayee {
        keys = List.copyOf(keys);
        Body.require(() -> Body.requireTime(fetched, "body.fetched"));
    }

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the payee
     * @throws MalformedException if a member is missing or wrong
     */
    public static RegisteredPayee parse(byte[] body) throws MalformedException {
        Members members = Body.parse(body, Body.SMALL);
        return Body.build(
                "body",
                () -> new RegisteredPayee(
                        PayeeRegistration.parse(members), Body.time(members, "fetched"), members.texts("keys")));
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(toMap());
    }

    /**
     * The members, for a list of payees.
     *
     * @return texts, and the list of keys, by name
     */
    public Map<String, Object> toMap() {
        Map<String, Object> members = registration.toMap();
        members.put("fetched", Rfc3339.format(fetched));
        members.put("keys", keys);
        return members;
    }
}
