package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.ChallengeId;

/** Whether ids can be made by anybody who read the documentation. */
@Group("Secrets")
final class SecretCases {

    /** What stands in examples, vectors and guides, and what is typed where something has to be typed. */
    private static final List<String> WORDS = List.of(
            "secret",
            "changeme",
            "change-me",
            "password",
            "test",
            "test-secret",
            "test-secret-key",
            "your-secret-key",
            "dev-secret",
            "demo-secret",
            "lab-secret-0123456789-0123456789-0123456789",
            "0123456789abcdef0123456789abcdef",
            "00000000000000000000000000000000");

    private final Site site;

    SecretCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "T32-secret-is-not-published",
            rows = {"T32", "S42", "F-BI-11"},
            section = "binding.md, F-BI-10 and F-BI-11",
            title = "The secret behind the ids is none that stands in documentation",
            fix =
                    "Make the HMAC secret from 32 random bytes (openssl rand -base64 32) and refuse to start with a known one. Who"
                            + " knows it makes challenges at any price.")
    void published(Trace trace) {
        for (Offer offer : Expect.challenged(site.visit(trace).unpaid(site.paid()))) {
            Challenge challenge = offer.strict();
            for (byte[] secret : secrets()) {
                boolean made = ChallengeId.compute(secret, challenge.terms()).equals(challenge.id());
                NotAsExpected.unless(!made, "an id of a secret nobody knows", "an id made with a published secret");
            }
        }
    }

    private static List<byte[]> secrets() {
        List<byte[]> secrets = new ArrayList<>();
        WORDS.forEach(word -> secrets.add(word.getBytes(UTF_8)));
        byte[] counting = new byte[32];
        for (int at = 0; at < counting.length; at++) {
            counting[at] = (byte) at;
        }
        secrets.add(counting);
        secrets.add(new byte[32]);
        return secrets;
    }
}
