package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.farthing.conformance.interop.KnownDeviations;
import org.farthing.conformance.interop.Mppx;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Stopwatch;
import org.farthing.conformance.suite.Watcher;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client suite against {@code mppx} as it comes: it runs to its end and reports what mppx is known to do differently. */
@Timeout(180)
class MppxClientSuiteTest {

    /** Sends mppx on errands, all in one process. */
    private record MppxRunner(Mppx mppx, JsonNode key, boolean careful) implements Runner {

        @Override
        public boolean knows(String kind) {
            return kind.equals(Errand.GET) || kind.equals(Errand.POST);
        }

        @Override
        public Ran run(Errand errand) throws IOException {
            boolean post = errand.kind().equals(Errand.POST);
            ObjectNode command =
                    Mppx.command("visit").put("url", errand.url().toString()).put("method", post ? "POST" : "GET");
            if (post) {
                command.put("body", new String(errand.body(), UTF_8));
            }
            JsonNode done = mppx.does(command.put("careful", careful).set("key", key));
            return new Ran(
                    "mppx " + errand,
                    done.get("code").asInt(),
                    done.get("output").asText(),
                    done.get("errors").asText());
        }
    }

    private static List<CaseResult> results(Mppx mppx, boolean careful) throws IOException {
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
        try (ClientLab lab = ClientLab.open(
                        Method.WALLET,
                        new MppxRunner(mppx, Mppx.JSON.readTree(key.exportPrivateJwk()), careful),
                        InstantSource.system(),
                        Duration.ofSeconds(10),
                        0)
                .plainAt("localhost")) {
            return ClientSuite.all().run(lab, Watcher.NONE, Stopwatch.system());
        }
    }

    @Test
    @Requirement("F-CO-86")
    void clientSuite_reportsExactlyTheKnownDeviations_fewerWithAMethodThatLooks() throws IOException {
        try (Mppx mppx = Mppx.start()) {
            KnownDeviations.demand("client", results(mppx, false));
            KnownDeviations.demand("client-left", results(mppx, true));
        }
    }
}
