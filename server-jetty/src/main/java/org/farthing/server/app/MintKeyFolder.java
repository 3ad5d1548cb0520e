package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.MintKeyFiles;
import picocli.CommandLine.Option;

/** Which folder a command of {@code mint} works in. */
final class MintKeyFolder {

    static final String DEFAULT = "farthing-token-keys";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = DEFAULT,
            description = "The folder with the mint's keys, as serve --mint names it (default: ${DEFAULT-VALUE}).")
    private Path dir = Path.of(DEFAULT);

    MintKeyFiles files() {
        return MintKeyFiles.in(dir);
    }

    /** All keys, oldest epoch first and small values before large ones; at least one. */
    List<MintKey> keys() throws IOException {
        List<MintKey> keys = new ArrayList<>(files().read());
        if (keys.isEmpty()) {
            throw new CommandFailedException("There are no token keys in " + dir
                    + ". A mint makes its first ones itself: farthing-server serve --mint " + dir);
        }
        keys.sort(Comparator.comparing(MintKey::published, BY_BEGIN_AND_VALUE));
        return keys;
    }

    static final Comparator<PublishedKey> BY_BEGIN_AND_VALUE =
            Comparator.comparing(PublishedKey::notBefore).thenComparing(PublishedKey::value);
}
