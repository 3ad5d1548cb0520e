package org.farthing.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

@SuppressWarnings("DoNotCallSuggester") // cases are called by the suite alone
class SuiteTest {

    @Group("Samples")
    static final class Samples {

        private final String subject;

        Samples(String subject) {
            this.subject = subject;
        }

        @Case(id = "S10-passes", rows = "S10", section = "here", title = "it passes", fix = "Nothing.")
        void passes(Trace trace) {
            trace.add(new Exchange("hello", subject, "200", null));
        }

        @Case(
                id = "S2-fails",
                rows = "S2",
                section = "here",
                title = "it fails",
                fix = "Mend it.",
                severity = Severity.SHOULD)
        void fails(Trace trace) {
            NotAsExpected.unless(subject.isEmpty(), "nothing", subject);
        }

        @Case(
                id = "T3-breaks",
                rows = "T3",
                section = "here",
                title = "it breaks",
                fix = "Answer.",
                severity = Severity.MAY)
        void breaks(Trace trace) throws IOException {
            throw new IOException("no connection");
        }

        @Case(
                id = "F-RE-1-skips",
                rows = "F-RE-1",
                section = "here",
                title = "it skips",
                fix = "Say how.",
                profile = Profile.WALLET)
        void skips(Trace trace) {
            throw new NotApplicable("no page named twin");
        }
    }

    @Group("Twice")
    static final class Twice {
        @Case(id = "S10-passes", rows = "S10", section = "here", title = "again", fix = "Nothing.")
        void passes(Trace trace) {}
    }

    private static List<CaseResult> run(Suite<String> suite) {
        AtomicLong nanos = new AtomicLong();
        return suite.run("subject", Watcher.NONE, () -> nanos.getAndAdd(1_000_000));
    }

    @Test
    void run_allKindsOfEnds_inOrderOfTheirRows() {
        List<CaseResult> results = run(Suite.<String>empty().with(Samples.class, Samples::new));
        assertThat(results)
                .extracting(CaseResult::verdict)
                .containsExactly(
                        new Verdict.Failed("nothing", "subject"),
                        new Verdict.Passed(),
                        new Verdict.Broken("IOException: no connection"),
                        new Verdict.Skipped("no page named twin"));
        assertThat(results.get(1).exchanges()).extracting(Exchange::request).containsExactly("subject");
        assertThat(results.get(1).took()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void with_nameTakenOrNoCases_isRefused() {
        Suite<String> suite = Suite.<String>empty().with(Samples.class, Samples::new);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> suite.with(Twice.class, subject -> new Twice()))
                .withMessageContaining("S10-passes");
        assertThatIllegalArgumentException().isThrownBy(() -> suite.with(String.class, subject -> subject));
    }

    @Test
    void exitCode_isThatOfTheGravestFailure() {
        Suite<String> suite = Suite.<String>empty().with(Samples.class, Samples::new);
        assertThat(exitCode(suite.only(info -> info.id().startsWith("S10")))).isEqualTo(Conclusion.HOLDS);
        assertThat(exitCode(suite.only(info -> info.id().startsWith("T3")))).isEqualTo(Conclusion.HOLDS);
        assertThat(exitCode(suite)).isEqualTo(Conclusion.SHOULD_FAILED);
        assertThat(exitCode(suite.only(info -> info.id().startsWith("F-")))).isEqualTo(Conclusion.NOTHING_CHECKED);
        assertThat(exitCode(Suite.empty())).isEqualTo(Conclusion.NOTHING_CHECKED);
    }

    private static int exitCode(Suite<String> suite) {
        return new Conclusion("sample", "subject", Profile.CORE, Instant.EPOCH, Map.of(), run(suite)).exitCode();
    }

    @Test
    void redaction_credentialsAndSignatures_areGoneAndTheRestStays() {
        String jws = "e".repeat(20) + ".." + "s".repeat(86);
        String text =
                "GET /a HTTP/1.1\r\nAuthorization: Payment c2VjcmV0\r\npayment-receipt: cmVjZWlwdA\r\nHost: shop\r\n\r\n"
                        + jws;
        assertThat(Redaction.message(text))
                .contains("GET /a HTTP/1.1", "Authorization: Payment <8 characters", "Host: shop", "<108 characters")
                .doesNotContain("c2VjcmV0", "cmVjZWlwdA", jws);
    }

    @Test
    void redaction_commandsAndSentences_loseTheCredentialAndKeepTheChallenge() {
        String credential = "eyJjaGFsbGVuZ2UiOnsiaWQiOiJhIn0sInBheWxvYWQiOnt9fQ";
        String request = b64("{\"amount\":\"10\",\"currency\":\"usd\",\"recipient\":\"shop\"}");
        String text = "curl -H 'Authorization: Payment " + credential + "' a; got payment " + credential
                + "; Payment $CREDENTIAL; WWW-Authenticate: Payment id=\"abcdefghijklmnopqrstuvwxyz\", request=\""
                + request
                + "\"";
        String redacted = Redaction.message(text);
        assertThat(redacted)
                .contains("'Authorization: Payment <50 characters, SHA-256 ", "got payment <50 characters")
                .contains("Payment $CREDENTIAL; WWW-Authenticate: Payment id=\"abcdefghijklmnopqrstuvwxyz\"")
                .contains("request=\"" + request + "\"");
        assertThat(Redaction.message(redacted)).isEqualTo(redacted);
        String field = Redaction.message("Authorization: Payment " + credential + "\r\n");
        assertThat(Redaction.message(field)).isEqualTo(field).startsWith("Authorization: Payment <50 ch");
    }

    @Test
    void redaction_hugeText_takesNoTime() {
        String text = "a".repeat(300_000);
        // Long, since a busy machine is no fault; a pattern that tries every beginning would take minutes.
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(Redaction.message(text)).isEqualTo(text));
    }

    @Test
    void redaction_credentialsAndReceiptsInOtherPlaces_areFoundByWhatTheySay() {
        String credential = b64("{\"challenge\":{\"id\":\"a\"},\"payload\":{\"order\":\"x\"}}");
        String receipt =
                b64("{\"method\":\"wallet\",\"reference\":\"r\",\"status\":\"success\",\"timestamp\":\"2026\"}");
        String request = b64("{\"amount\":\"10\",\"currency\":\"usd\",\"recipient\":\"shop\"}");
        String text =
                "GET /a?payment=Payment%20" + credential + " HTTP/1.1\nX-Copy: " + receipt + "\nrequest=" + request;
        assertThat(Redaction.message(text))
                .doesNotContain(credential, receipt)
                .contains("GET /a?payment=Payment%20<", "X-Copy: <", "request=" + request);
    }

    @Test
    @Requirement({"F-CO-100", "T38"})
    void redaction_blindTokens_areTakenOutWhereverTheyStand() {
        String token = "AAI" + "x".repeat(469);
        String request = "AAI" + "y".repeat(343);
        assertThat(Redaction.message("{\"tokens\":\"" + token + token + "\",\"requests\":\"" + request + "\"}"))
                .contains("{\"tokens\":\"<944 characters, SHA-256 ", "\"requests\":\"" + request)
                .doesNotContain("xxx");
        assertThat(Redaction.message("Authorization: PrivateToken token=\"" + token + "\"\r\n"))
                .doesNotContain("xxx");
        assertThat(Redaction.holdsTokens("{\"tokens\":\"" + token + "\"}")).isTrue();
        assertThat(Redaction.holdsTokens("{\"requests\":\"" + request + "\"}")).isFalse();
    }

    private static String b64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
