package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;

/** Kind {@code key-directory}: the key document of an origin, and which of its keys may act. */
final class KeyDirectoryCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> json(KeyDirectory.parse(input.bytes("json")));
            case "select" ->
                KeyDirectory.parse(input.json("document"))
                        .select(input.text("kid"), Wire.artifact(input.text("typ")), input.instant("now"))
                        .kid();
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> json(KeyDirectory directory) {
        return Map.of(
                "keys", directory.keys().stream().map(WalletKeyCheck::json).toList(),
                "payee", directory.payee(),
                "origins", directory.origins(),
                "realms", directory.realms(),
                "signedAlways", directory.signedAlways(),
                "providers", directory.providers());
    }
}
