package org.farthing.conformance.vectors;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletKeys;
import org.jspecify.annotations.Nullable;

/** Kind {@code wallet-key}: public and private JWKs, seeds and thumbprints. */
final class WalletKeyCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "public" -> json(VerificationKey.parse(input.json("jwk")));
            case "private" -> publicHalf(SigningKey.fromJwk(input.json("jwk")));
            case "seed" -> publicHalf(SigningKey.fromEd25519Seed(input.bytes("seed")));
            case "derive" -> publicHalf(WalletKeys.derive(input.bytes("seed"), Origin.parse(input.text("ledger"))));
            default -> throw input.unknownOp();
        };
    }

    /** What a published key says about itself. */
    static Map<String, Object> json(VerificationKey key) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kid", key.kid());
        json.put("algorithm", key.algorithm().joseName());
        json.put("thumbprint", key.thumbprint());
        json.put("roles", key.roles().stream().map(Role::wireName).sorted().toList());
        putSeconds(json, "iat", key.iat());
        putSeconds(json, "nbf", key.nbf());
        putSeconds(json, "exp", key.exp());
        putSeconds(json, "revoked", key.revoked());
        return json;
    }

    private static void putSeconds(Map<String, Object> json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.getEpochSecond());
        }
    }

    private static Map<String, Object> publicHalf(SigningKey key) {
        Map<String, Object> required = new TreeMap<>(key.publicKey().toJwk());
        required.keySet().retainAll(Set.of("kty", "crv", "x", "y"));
        return Map.of("public", required, "thumbprint", key.publicKey().thumbprint());
    }
}
