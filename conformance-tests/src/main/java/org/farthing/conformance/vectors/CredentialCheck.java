package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;

/** Kind {@code credential}: an {@code Authorization: Payment} field value, read and written. */
final class CredentialCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> json(Credential.parse(input.text("field")));
            case "format" ->
                Credential.of(
                                Wire.challenge(input.object("challenge")),
                                input.textOrNull("source"),
                                input.map("payload"))
                        .format();
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> json(Credential credential) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("challenge", Wire.challenge(credential.challenge()));
        Wire.putPresent(json, "source", credential.source());
        json.put("payload", credential.payload());
        json.put("fingerprint", credential.fingerprint());
        return json;
    }
}
