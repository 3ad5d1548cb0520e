package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.jspecify.annotations.Nullable;

/** Writes the config file of the server suite for a reference server. */
final class ReferenceConfig {

    private static final String FILE = "config.json";

    private ReferenceConfig() {}

    static Path write(
            ReferenceFolder folder,
            Origin origin,
            Origin otherRealm,
            List<Path> wallets,
            @Nullable ReferenceWalletService service,
            @Nullable ReferenceMint mint)
            throws IOException {
        Map<String, Object> pages = new TreeMap<>();
        for (ReferencePage page : ReferencePage.values()) {
            pages.put(page.word(), asked(page));
        }
        pages.put("otherRealm", otherRealm + ReferencePage.PAID.path());
        Map<String, Object> config = new TreeMap<>();
        config.put("about", "The reference server's pages, written by it when it started.");
        config.put("url", origin.text());
        config.put("pages", pages);
        config.put(
                "payment",
                Map.of(
                        "wallet",
                        wallets.get(0).toString(),
                        "secondWallet",
                        wallets.get(1).toString()));
        if (service != null) {
            config.put("walletService", service.origin().text());
        }
        if (mint != null) {
            ReferencePayee payee = mint.payee();
            config.put(
                    "remotePayee",
                    Map.of("origin", payee.origin().text(), "key", payee.file().toString()));
            config.put("expiredToken", mint.expired().toString());
        }
        folder.write(FILE, CanonicalJson.write(config) + "\n");
        return folder.file(FILE);
    }

    private static Object asked(ReferencePage page) {
        return switch (page) {
            case PAID_POST ->
                Map.of(
                        "url",
                        page.path(),
                        "method",
                        page.method(),
                        "fields",
                        Map.of("Content-Type", "application/json"),
                        "body",
                        "{\"item\":\"book\"}");
            case OWN_AUTHORIZATION ->
                Map.of("url", page.path(), "fields", Map.of("Authorization", ReferenceApplication.LOGIN));
            default -> page.path();
        };
    }
}
