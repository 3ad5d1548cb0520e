package org.farthing.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.farthing.conformance.suite.Conclusion;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import picocli.CommandLine.Help;

class WrittenReportsTest {

    private static final String HOSTILE =
            "\"'></pre></script><script>alert(1)</script><img src=x onerror=alert(1)>]]>&amp;\u0000\u001b[2J\ufffe\ud800";

    private static final Path SCHEMA = Path.of("../protocol-spec/schemas/conformance-report.json");

    @TempDir
    private Path folder;

    private ReportRun run(String subject, String... more) {
        Stream<String> files = Stream.of(
                "--html=" + folder.resolve("r.html"),
                "--json=" + folder.resolve("r.json"),
                "--junit=" + folder.resolve("r.xml"));
        return ReportRun.of(
                Help.Ansi.OFF,
                () -> subject,
                Stream.concat(files, Arrays.stream(more)).toArray(String[]::new));
    }

    private String written(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private static List<String> complaints(JsonNode report) throws IOException {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        return registry.getSchema(Files.readString(SCHEMA)).validate(report).stream()
                .map(Error::toString)
                .toList();
    }

    @Test
    @Requirement("F-CO-92")
    void json_everyKindOfEnd_followsItsSchemaAndSaysItAll() throws Exception {
        ReportRun run = run("hello", "--profile=WALLET");
        assertThat(run.out()).contains("Report: " + folder.resolve("r.json"));
        JsonNode report = new JsonMapper().readTree(written("r.json"));
        assertThat(complaints(report)).isEmpty();
        assertThat(report.at("/exitCode").intValue()).isEqualTo(Conclusion.MUST_FAILED);
        assertThat(report.at("/counts").toString())
                .isEqualTo(
                        "{\"cases\":6,\"met\":2,\"mustNotMet\":1,\"shouldNotMet\":1,\"mayNotMet\":1,\"notChecked\":1,"
                                + "\"tookMillis\":42}");
        assertThat(report.at("/cases").findValuesAsText("verdict"))
                .containsExactly("passed", "failed", "failed", "broken", "skipped", "passed");
        assertThat(report.at("/cases/1/fix").textValue()).startsWith("Keep the ids");
        assertThat(report.at("/cases/1/exchanges/0/request").textValue()).startsWith("GET / HTTP/1.1\nAuthorization: ");
        assertThat(report.at("/facts/config").textValue()).isEqualTo("site.json");
    }

    @Test
    @Requirement("F-CO-93")
    void rows_ofASuite_areEachMetOrNotOrUnseenWithTheReason() throws Exception {
        run("hello", "--only=S1,S3,S13");
        JsonNode rows = new JsonMapper().readTree(written("r.json")).at("/rows");
        assertThat(standing(rows, "S1")).isEqualTo("met");
        assertThat(standing(rows, "S3")).isEqualTo("not met");
        assertThat(standing(rows, "T1")).isEqualTo("not met");
        assertThat(standing(rows, "S13")).isEqualTo("not checked");
        assertThat(standing(rows, "S19")).isEqualTo("not run");
        assertThat(standing(rows, "S12")).isEqualTo("not seen");
        assertThat(rows.findValuesAsText("row")).doesNotContain("C1");
        assertThat(written("r.html"))
                .contains("id=\"row-S3\" class=\"searched not-met\"", "href=\"#row-T1\"", "<span>S19-expires</span>");
    }

    private static String standing(JsonNode rows, String id) {
        for (JsonNode row : rows) {
            if (row.path("row").asText().equals(id)) {
                return row.path("standing").asText();
            }
        }
        return "no such row";
    }

    @Test
    @Requirement("F-CO-91")
    void junit_hostileAnswers_isXmlThatBuildServersRead() throws Exception {
        run(HOSTILE);
        Document xml = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("r.xml").toFile());
        Element suite = xml.getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("5");
        assertThat(suite.getAttribute("failures")).isEqualTo("2");
        assertThat(suite.getAttribute("errors")).isEqualTo("0");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(2);
        Element failure = (Element) xml.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("type")).isEqualTo("MUST");
        assertThat(failure.getTextContent())
                .contains("expected: 402 and invalid-challenge", "do: Keep the ids", "alert(1)", "\\u0000\\u001b[2J");
    }

    @Test
    @Requirement("F-CO-94")
    void html_hostileAnswers_runNothingAndReachNothing() throws Exception {
        run(HOSTILE);
        String page = written("r.html");
        assertThat(page.split("<script", -1)).hasSize(2);
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt;")
                .doesNotContain("<img", "\u0000", "\u001b", "@import", "url(")
                .contains("default-src &#39;none&#39;; style-src &#39;sha256-");
        assertThat(page).doesNotContainPattern("<[a-z]+ ([^>]* )?(src|style|on[a-z]+)=");
        assertThat(page.replaceAll("href=\"#", "")).doesNotContain("href=");
    }

    @Test
    @Requirement("F-CO-94")
    void html_failures_comeFirstEachWithWhatToDo() throws Exception {
        run("hello");
        assertThat(written("r.html"))
                .containsSubsequence(
                        "<h1>1 MUST not met</h1>",
                        "<nav aria-label=\"What failed\">",
                        "href=\"#S3-used-id\"",
                        "id=\"S3-used-id\"",
                        "Keep the ids that paid",
                        "402 and invalid-challenge",
                        "id=\"S19-expires\"",
                        "id=\"S38-language\"",
                        "The case could not be carried out",
                        "the config names no &quot;twin&quot;",
                        "id=\"S1-unpaid-is-402\"",
                        "id=\"row-S1\"");
    }

    @Test
    @Requirement("F-CO-94")
    void html_nothingFailed_saysSo() throws Exception {
        run("hello", "--only=S1");
        assertThat(written("r.html"))
                .contains("<h1>All that was checked is met</h1>")
                .doesNotContain("<nav");
        run("hello", "--only=T4");
        assertThat(written("r.html")).contains("<h1>Nothing was checked</h1>");
    }

    @Test
    @Requirement({"F-CO-95", "S40"})
    void everyForm_credentialsThatCasesForgotToRedact_areGone() throws Exception {
        ReportRun run = run("hello");
        for (String shown : List.of(run.out(), run.err(), written("r.html"), written("r.json"), written("r.xml"))) {
            assertThat(shown).doesNotContain(SampleCases.CREDENTIAL);
        }
        assertThat(written("r.json")).contains("60 characters, SHA-256 ");
    }

    @Test
    void file_thatCannotBeWritten_isSaidBeforeAnythingRuns() throws Exception {
        ReportRun none = ReportRun.failing("--html=" + folder.resolve("no/such/r.html"));
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("there is no directory for ").doesNotContain("Cannot begin");
        assertThat(ReportRun.failing("--json=" + folder).err()).contains("is a directory; name a file");
    }
}
