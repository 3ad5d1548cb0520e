package org.farthing.protocol.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Requirement("F-KY-42")
class PublishedKeysTest {

    /** Whoever adds a vector with a new private key learns here that programs must refuse it. */
    @Test
    void isPublished_everyPrivateKeyOfTheVectors_true() throws Exception {
        Map<String, VerificationKey> keys = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("vectors"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                collect(JSONObjectUtils.parse(Files.readString(file)), keys);
            }
        }

        assertThat(keys).hasSizeGreaterThan(3);
        assertThat(keys.values()).allMatch(VerificationKey::isPublished);
    }

    private static void collect(@Nullable Object value, Map<String, VerificationKey> keys) {
        if (value instanceof Map<?, ?> object) {
            if (object.containsKey("kty") && object.containsKey("d")) {
                collectKey(CanonicalJson.write(object), keys);
            }
            object.values().forEach(member -> collect(member, keys));
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collect(element, keys));
        } else if (value instanceof String text && text.startsWith("{\"")) {
            collectKey(text, keys);
        }
    }

    private static void collectKey(String json, Map<String, VerificationKey> keys) {
        try {
            VerificationKey key = SigningKey.fromJwk(json).publicKey();
            keys.put(key.thumbprint(), key);
        } catch (MalformedException e) {
            // A negative vector, or another object: nobody can sign with it.
            assertThat(e.where()).isNotEmpty();
        }
    }
}
