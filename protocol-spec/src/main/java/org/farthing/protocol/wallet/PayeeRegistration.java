package org.farthing.protocol.wallet;

import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;

/**
 * Admits a payee to a wallet service, or changes what it may: the body of {@code POST /v1/payees}, which only the service's
 * administrator sends (spec/wallet-service.md F-WS-15).
 *
 * @param origin the payee
 * @param deferred whether it collects within a day instead of within an hour
 * @param frozen whether nothing may be held for it any more; open holds settle
 */
public record PayeeRegistration(Origin origin, boolean deferred, boolean frozen) {

    private static final String PROMPT = "prompt";
    private static final String DEFERRED = "deferred";
    private static final String ACTIVE = "ACTIVE";
    private static final String FROZEN = "FROZEN";

    /**
     * Reads a body.
     *
     * @param body the body as received
     * @return the registration
     * @throws MalformedException if a member is missing or wrong, or the origin is written in another spelling
     */
    public static PayeeRegistration parse(byte[] body) throws MalformedException {
        return parse(Body.parse(body, Body.SMALL));
    }

    static PayeeRegistration parse(Members members) throws MalformedException {
        String origin = members.text("origin");
        Body.requireOrigin(origin, Body.place(members, "origin"));
        return new PayeeRegistration(
                new Origin(origin),
                isSecond(members, "capture", PROMPT, DEFERRED),
                isSecond(members, "status", ACTIVE, FROZEN));
    }

    private static boolean isSecond(Members members, String name, String first, String second)
            throws MalformedException {
        String text = members.text(name);
        if (!text.equals(first) && !text.equals(second)) {
            throw new MalformedException(
                    Fault.VALUE, Body.place(members, name), first + " or " + second + " is needed");
        }
        return text.equals(second);
    }

    /**
     * Writes the body.
     *
     * @return canonical JSON
     */
    public String format() {
        return CanonicalJson.write(toMap());
    }

    Map<String, Object> toMap() {
        Map<String, Object> members = new TreeMap<>();
        members.put("origin", origin.text());
        members.put("capture", deferred ? DEFERRED : PROMPT);
        members.put("status", frozen ? FROZEN : ACTIVE);
        return members;
    }
}
