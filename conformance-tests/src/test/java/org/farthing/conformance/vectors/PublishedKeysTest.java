package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HexFormat;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.WalletKeys;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever copies a key out of a vector must be stopped at the start of his server. */
class PublishedKeysTest {

    @Test
    @Requirement({"F-KY-42", "T32"})
    void isPublished_everyPrivateKeyOfTheVectors_true() throws Exception {
        int keys = 0;
        for (byte[] file : VectorSource.bundled().files().values()) {
            for (JsonNode one : new JsonMapper().readTree(file).path("cases")) {
                SigningKey key = key(one.path("input"));
                if (key != null) {
                    assertThat(key.publicKey().isPublished())
                            .as("%s %s", one.path("name"), key.publicKey().thumbprint())
                            .isTrue();
                    keys++;
                }
            }
        }
        assertThat(keys).isGreaterThan(40);
    }

    /** The private key of an input, or null if there is none, or none that could sign. */
    private static @Nullable SigningKey key(JsonNode input) throws Exception {
        try {
            if (input.path("jwk").has("d")) {
                return SigningKey.fromJwk(input.path("jwk").toString());
            }
            if (!input.has("seedHex")) {
                return null;
            }
            byte[] seed = HexFormat.of().parseHex(input.path("seedHex").textValue());
            return input.has("ledger")
                    ? WalletKeys.derive(seed, Origin.parse(input.path("ledger").textValue()))
                    : SigningKey.fromEd25519Seed(seed);
        } catch (MalformedException | IllegalArgumentException e) {
            return null;
        }
    }
}
