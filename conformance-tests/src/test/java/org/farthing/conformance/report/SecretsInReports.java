package org.farthing.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.farthing.conformance.suite.CaseResult;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.conformance.suite.Profile;

/** Looks through every form of a whole run's report for what must not be in it. */
public final class SecretsInReports {

    private static final Pattern TOKEN = Pattern.compile("e[wy][A-Za-z0-9_-]{30,}");
    private static final Pattern COMPACT_JWS =
            Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]{40,}");

    private static final Pattern BLIND_TOKENS =
            Pattern.compile("(?<![A-Za-z0-9_-])(?:AAI[A-Za-z0-9_-]{469})+(?![A-Za-z0-9_-])");

    private SecretsInReports() {}

    /**
     * Fails if a report of these results has a credential, a receipt, a signed or a blind token, as its text or in base64url.
     *
     * @param results what came of a run
     * @param secrets what else must not be seen, such as the members of a private key
     */
    public static void assertNone(List<CaseResult> results, String... secrets) {
        Conclusion run = Cleaning.of(
                new Conclusion("server", "https://a.example/", Profile.WALLET, Instant.EPOCH, Map.of(), results));
        Report report = new Report(run, results.stream().map(CaseResult::info).toList(), RequirementRows.bundled());
        StringWriter terminal = new StringWriter();
        new TerminalReport(new PrintWriter(terminal), new Paint(false), false).ends(run);
        for (String form :
                List.of(terminal.toString(), HtmlReport.of(report), JsonReport.of(report), JunitReport.of(run))) {
            assertThat(form).doesNotContainPattern(COMPACT_JWS).doesNotContainPattern(BLIND_TOKENS);
            for (String secret : secrets) {
                assertThat(form).doesNotContain(secret);
            }
            TOKEN.matcher(form)
                    .results()
                    .map(found -> decoded(found.group()))
                    .forEach(json -> assertThat(json)
                            .doesNotContain("\"payload\"")
                            .doesNotContain("\"reference\"")
                            .doesNotContain("\"d\":"));
        }
    }

    private static String decoded(String token) {
        String whole = token.substring(0, token.length() - token.length() % 4);
        return new String(Base64.getUrlDecoder().decode(whole), StandardCharsets.UTF_8);
    }
}
