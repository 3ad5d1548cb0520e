package org.farthing.conformance.adapter;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Members;

/** One operation of the contract. */
interface Operation {

    /** The type of its failures. */
    String failure();

    /**
     * Does it.
     *
     * @return the value of the answer: text, numbers, booleans, maps and lists
     * @throws MalformedException if the input is malformed, or what it holds is
     * @throws IllegalArgumentException likewise; any other exception counts as a failure of the operation, too
     * @throws AdapterException for a failure of another type
     */
    Object run(Members input) throws MalformedException, AdapterException;

    /** The operation of a name. Each is loaded when it is asked for, and no other. */
    static Operation named(String name) throws AdapterException {
        return switch (name) {
            case "challenge.parse", "credential.parse", "receipt.parse" -> new ParseField(name);
            case "challenge.format", "credential.format", "receipt.format" -> new FormatField(name);
            case "base64url.encode" -> new Base64Text(true);
            case "base64url.decode" -> new Base64Text(false);
            case "challenge.id" -> new MakeChallengeId();
            case "server.verify" -> new VerifyCredential();
            case "http.payment_request" -> new PayByHttp();
            default ->
                throw new AdapterException(
                        AdapterException.UNSUPPORTED, "no operation of that name; see the table in conformance.md");
        };
    }
}
