package org.farthing.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.farthing.conformance.suite.Conclusion;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help;

class ReportOptionsTest {

    @Test
    @Requirement("F-CO-90")
    void run_failuresOfEverySeverity_saysWhatToDoGravestFirstAndEndsWithTheExitCode() {
        ReportRun run = ReportRun.of();
        assertThat(run.exitCode()).isEqualTo(Conclusion.MUST_FAILED);
        assertThat(run.out())
                .contains("Checking server https://a.example/, profile core, 5 cases")
                .contains("  ok    S1-unpaid-is-402 ", "  FAIL  S3-used-id ", "  WARN  S19-expires ")
                .contains("  NOTE  S38-language ", "  skip  T4-cross-route ")
                .containsSubsequence("MUST not met (1)", "SHOULD not met (1)", "MAY not met (1)", "not checked (1)")
                .containsSubsequence(
                        "  S3-used-id  a used id is refused",
                        "expected 402 and invalid-challenge",
                        "seen     200 to",
                        "do       Keep the ids that paid",
                        "see      S3, T1; draft-httpauth-payment-01, Status Codes",
                        "sent     the same again",
                        "> GET / HTTP/1.1",
                        "< HTTP/1.1 200 OK",
                        "again    curl -i")
                .contains("the case could not be carried out: IOException: no answer within 5 s")
                .contains("the config names no \"twin\": a second URL at the same price\n    T4-cross-route")
                .endsWith("A MUST is not met.\n5 cases: 1 MUST not met, 1 SHOULD not met, 1 MAY not met,"
                        + " 1 not checked, 1 met. 35 ms.\n")
                .doesNotContain("\u001b");
    }

    @Test
    void run_largerProfile_hasItsCasesToo() {
        assertThat(ReportRun.of("--profile=WALLET").out()).contains("6 cases", "F-RE-1-same-bytes");
        assertThat(ReportRun.of().out()).doesNotContain("F-RE-1-same-bytes");
    }

    @Test
    @Requirement("F-CO-90")
    void only_idsAndRequirements_runTheirCases() {
        assertThat(ReportRun.of("--only", "s19-EXPIRES").exitCode()).isEqualTo(Conclusion.SHOULD_FAILED);
        ReportRun two = ReportRun.of("--only", "S7,T4", "--only", "S38-language");
        assertThat(two.exitCode()).isEqualTo(Conclusion.HOLDS);
        assertThat(two.out()).contains("3 cases: 1 MAY not met, 1 not checked, 1 met.");
        assertThat(ReportRun.of("--only=T4").exitCode()).isEqualTo(Conclusion.NOTHING_CHECKED);
    }

    @Test
    void only_unknownName_isWrongUseAndNamesIt() {
        ReportRun run = ReportRun.of("--only=S1,S99,F-RE-1");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("F-RE-1, S99; --list names them all").doesNotContain("S1,");
    }

    @Test
    void list_namesTheCasesAndOpensNothing() {
        ReportRun run = ReportRun.failing("--list");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("MUST   S1-unpaid-is-402 ", "SHOULD S19-expires ", "MAY    S38-language ")
                .doesNotContain("MUST not met");
    }

    @Test
    void quiet_saysNothingOfWhatIsMetOrNotChecked() {
        assertThat(ReportRun.of("--quiet").out())
                .contains("FAIL  S3-used-id", "do       Keep the ids", "1 not checked")
                .doesNotContain("S1-unpaid-is-402", "T4-cross-route");
    }

    @Test
    void run_subjectCannotBeMade_saysSoWithoutAStackTrace() {
        ReportRun run = ReportRun.failing();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("Cannot begin: port 1 is taken\n");
    }

    @Test
    void terminal_coloursAndMovingLines_unlessTheUserWantsNone() {
        assertThat(ReportRun.of(Help.Ansi.ON, () -> "hello").out())
                .contains("\r\u001b[2K\u001b[2m  2 of 5  S3-used-id", "\u001b[1;31mFAIL\u001b[0m");
        assertThat(ReportRun.of(Help.Ansi.ON, () -> "hello", "--no-color").out())
                .doesNotContain("\u001b", "\r");
    }

    @Test
    @Requirement("F-CO-94")
    void run_hostileAnswer_cannotDriveTheTerminal() {
        ReportRun run = ReportRun.of(Help.Ansi.OFF, () -> "\u001b[2J\u202eevil\u0000");
        assertThat(run.out()).contains("\\u001b[2J\\u202eevil\\u0000").doesNotContain("\u001b", "\u202e");
    }

    @Test
    @Requirement("F-CO-95")
    void run_credentialsInEveryPlace_areGone() {
        assertThat(ReportRun.of().out()).contains("Payment <60 characters").doesNotContain(SampleCases.CREDENTIAL);
    }
}
