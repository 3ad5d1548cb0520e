package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.jspecify.annotations.Nullable;

/** Writes the config file of the server suite for a reference server. */
final class ReferenceConfig {

    private static final String FILE = "config.json";

    private ReferenceConfig() {}

    static Path write(ReferenceFolder folder, Origin origin, Path wallet, @Nullable ReferenceWalletService service)
            throws IOException {
        Map<String, Object> pages = new TreeMap<>();
        for (ReferencePage page : ReferencePage.values()) {
            pages.put(page.word(), page.path());
        }
        Map<String, Object> config = new TreeMap<>();
        config.put("url", origin.text());
        config.put("pages", pages);
        config.put("wallet", wallet.toString());
        folder.write(FILE, CanonicalJson.write(config) + "\n");
        return folder.file(FILE);
    }
}
