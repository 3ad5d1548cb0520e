package org.farthing.conformance.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTokenKeysTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    private Path folder;

    private ReferenceTokenKeys keys(Instant now, Integer... made) throws IOException {
        Iterator<TokenSecretKey> next =
                List.of(made).stream().map(TestTokenKeys::get).iterator();
        return ReferenceTokenKeys.in(folder.resolve("keys"), now, next::next);
    }

    @Test
    @Requirement("F-CO-101")
    void in_startedAgain_hasTheEndedKeyItHad() throws IOException {
        String first = keys(NOW, 0).ended().keyId();

        assertThat(keys(NOW.plus(Duration.ofDays(1))).ended().keyId()).isEqualTo(first);
    }

    @Test
    @Requirement({"F-CO-101", "F-TK-93"})
    void in_lastByteIsTaken_anotherKeyIsMade() throws IOException {
        String first = keys(NOW, 0).ended().keyId();

        // So long after that the first one is of no use any more, and still in the folder.
        Instant later = NOW.plus(Duration.ofDays(60));
        assertThat(keys(later, 0, 1).ended().keyId()).isNotEqualTo(first);
        assertThat(MintKeyFiles.in(folder.resolve("keys")).lastBytes()).hasSize(2);
    }
}
