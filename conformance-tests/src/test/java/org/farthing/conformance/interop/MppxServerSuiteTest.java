package org.farthing.conformance.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.server.ServerSuite;
import org.farthing.conformance.server.Site;
import org.farthing.conformance.server.SiteConfig;
import org.farthing.conformance.server.Waiting;
import org.farthing.conformance.server.WalletPayer;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Verdict;
import org.farthing.conformance.suite.Watcher;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server suite against {@code mppx} as it comes: it runs to its end and reports what mppx is known to do differently. */
@Timeout(180)
class MppxServerSuiteTest {

    private static final List<String> PAGES = List.of(
            "paid",
            "twin",
            "dear",
            "free",
            "missing",
            "failing",
            "denied",
            "short",
            "large",
            "slow",
            "several",
            "unaffordable",
            "counter",
            "counterPost",
            "ownAuthorization");

    /** A black box has to wait for an expiry; here the clock of the other process is set forward instead. */
    private static final class Ahead implements Waiting {

        private final Mppx mppx;
        private volatile Duration by = Duration.ZERO;

        Ahead(Mppx mppx) {
            this.mppx = mppx;
        }

        @Override
        public Instant now() {
            return Instant.now().plus(by);
        }

        @Override
        public void until(Instant time) {
            by = Duration.between(Instant.now(), time).plusSeconds(1);
            try {
                mppx.does(Mppx.command("clock").put("ahead", by.toSeconds()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Path config(Path folder, String origin) throws IOException {
        ObjectNode config = Mppx.JSON.createObjectNode().put("url", origin);
        ObjectNode pages = config.putObject("pages");
        for (String page : PAGES) {
            pages.put(page, "/" + page.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
        }
        pages.putObject("paidPost")
                .put("url", "/paid-post")
                .put("method", "POST")
                .put("body", "{\"item\":\"book\"}");
        return Files.writeString(folder.resolve("mppx.json"), config.toString());
    }

    @Test
    @Requirement("F-CO-85")
    void serverSuite_reportsExactlyTheKnownDeviations(@TempDir Path folder) throws Exception {
        try (Mppx mppx = Mppx.start()) {
            URI origin = URI.create(mppx.shop(false));
            SigningKey key = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
            ObjectNode open = Mppx.command("wallet").put("ledger", origin.toString());
            JsonNode opened = mppx.does(open.set("key", Mppx.JSON.readTree(key.exportPrivateJwk())));
            assertThat(opened.get("status").asText()).isEqualTo("ACTIVE");
            Site site = new Site(
                    SiteConfig.read(config(folder, origin.toString()), origin).pages(),
                    new Wire(origin, Duration.ofSeconds(30), Trust.of(null)),
                    new WalletPayer(key, null, null),
                    new Ahead(mppx));

            List<CaseResult> results = ServerSuite.of(Profile.CORE).run(site, Watcher.NONE, Stopwatch.system());

            KnownDeviations.demand("server", results);
            assertThat(results.stream().filter(result -> result.verdict() instanceof Verdict.Passed))
                    .hasSizeGreaterThan(70);
        }
    }
}
