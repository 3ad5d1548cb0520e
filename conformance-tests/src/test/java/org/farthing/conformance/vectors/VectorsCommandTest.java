package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsCommandTest {

    private static final String GOOD = """
            {"title":"t","specification":"encoding.md","requirements":["T27"],"kind":"base64url",
             "cases":[{"name":"encode foo","input":{"op":"encode","bytes":"foo"},"expected":"Zm9v"},
                      {"name":"padding","input":{"op":"decode","text":"Zg=="},"expectedError":"ENCODING"}]}
            """;

    @TempDir
    Path directory;

    @Test
    void vectors_bundled_printsEveryFileWithItsCountAndAllHold() throws IOException {
        CommandRun run = CommandRun.of("vectors");

        VectorSource bundled = VectorSource.bundled();
        assertThat(bundled.files()).hasSizeGreaterThan(20);
        int total = 0;
        for (var file : bundled.files().entrySet()) {
            int cases = new JsonMapper().readTree(file.getValue()).path("cases").size();
            total += cases;
            assertThat(run.out()).containsPattern(file.getKey() + " +" + cases + " cases  ok\\R");
        }
        assertThat(run.out())
                .endsWith("total: " + bundled.files().size() + " files, " + total + " cases, all ok"
                        + System.lineSeparator());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void vectors_directory_runsItsFilesOnly() throws IOException {
        write("good.json", GOOD);
        write("notes.txt", "not a vector file");

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("Vectors from " + directory)
                .contains("good.json", "total: 1 file, 2 cases, all ok")
                .doesNotContain("notes.txt");
    }

    @Test
    void vectors_wrongValue_failsAndNamesCaseWithExpectedAndGot() throws IOException {
        write("bad.json", GOOD.replace("Zm9v\"", "Zm9w\""));

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out())
                .contains("1 FAILED", "case \"encode foo\"", "expected value \"Zm9w\"", "got      value \"Zm9v\"")
                .contains("total: 1 file, 2 cases, 1 failed")
                .doesNotContain("case \"padding\"");
    }

    @Test
    void vectors_wrongError_failsAndNamesCase() throws IOException {
        write("bad.json", GOOD.replace("ENCODING", "SYNTAX"));

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).contains("case \"padding\"", "expected error SYNTAX", "got      error ENCODING");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"kind\":\"base64url\" | \"kind\":\"base65\" | no check for the kind \"base65\"",
                ",\"expected\":\"Zm9v\" | '' | neither expected nor expectedError",
                "\"expected\":\"Zm9v\" | \"expected\":\"Zm9v\",\"expectedError\":\"VALUE\" | both expected and",
                "\"expected\":\"Zm9v\" | \"expectd\":\"Zm9v\" | unknown member \"expectd\"",
                "\"name\":\"padding\" | \"name\":\"encode foo\" | two cases are named \"encode foo\"",
                "\"name\":\"padding\", | '' | case 2 has no text \"name\"",
                "\"input\":{\"op\":\"decode\",\"text\":\"Zg==\"}, | '' | has no input",
                "\"title\":\"t\", | '' | no text \"title\"",
                "\"specification\":\"encoding.md\", | '' | no text \"specification\"",
                "\"requirements\":[\"T27\"] | \"requirements\":\"T27\" | requirements is not a list",
                "\"kind\":\"base64url\" | \"kind\":\"base64url\",\"kind\":\"jcs\" | not strict JSON",
            })
    void vectors_brokenFile_isFailureWithReason(String part, String replacement, String reason) throws IOException {
        assertThat(GOOD).contains(part);
        write("good.json", GOOD);
        write("broken.json", GOOD.replace(part, replacement));

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out())
                .containsPattern("broken.json +0 cases  UNUSABLE")
                .contains(reason)
                .containsPattern("good.json +2 cases  ok")
                .contains("1 file unusable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"title\":\"t\"}", "<html>", "null", "{} {}"})
    void vectors_noVectorFile_isFailure(String content) throws IOException {
        write("broken.json", content);

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).contains("UNUSABLE");
    }

    @Test
    void vectors_emptyCases_isFailure() throws IOException {
        write("empty.json", GOOD.substring(0, GOOD.indexOf("\"cases\"")) + "\"cases\":[]}");

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).contains("no cases");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"op\":\"encode\" | \"op\":\"encrypt\" | input.op is not one this kind knows",
                "\"op\":\"encode\", | '' | input.op is not a string",
                "\"bytes\":\"foo\" | \"bytes\":5 | input.bytes is not a string",
                "\"bytes\":\"foo\" | \"bytesHex\":\"0g\" | input.bytesHex is not hexadecimal",
            })
    void vectors_inputTheKindCannotUse_isFailureOfTheCase(String part, String replacement, String reason)
            throws IOException {
        assertThat(GOOD).contains(part);
        write("bad.json", GOOD.replace(part, replacement));

        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).contains("case \"encode foo\"", "a breakdown: " + reason);
    }

    @Test
    void vectors_emptyDirectory_isFailure() {
        CommandRun run = CommandRun.of("vectors", directory.toString());

        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).contains("nothing was checked");
    }

    @Test
    void vectors_json_printsOneObject() throws IOException {
        write("bad.json", GOOD.replace("Zm9v\"", "Zm9w\""));
        write("broken.json", "{}");

        CommandRun run = CommandRun.of("vectors", "--json", directory.toString());

        assertThat(run.exitCode()).isOne();
        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.path("ok").booleanValue()).isFalse();
        assertThat(report.path("total"))
                .isEqualTo(new JsonMapper().readTree("{\"files\":2,\"cases\":2,\"failed\":1,\"unusable\":1}"));
        assertThat(report.at("/files/0/file").textValue()).isEqualTo("bad.json");
        assertThat(report.at("/files/0/failures/0/case").textValue()).isEqualTo("encode foo");
        assertThat(report.at("/files/0/failures/0/expected").textValue()).isEqualTo("value \"Zm9w\"");
        assertThat(report.at("/files/1/problem").textValue()).isNotBlank();
    }

    @Test
    void vectors_jsonBundled_saysOk() throws IOException {
        CommandRun run = CommandRun.of("vectors", "--json");

        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.path("ok").booleanValue()).isTrue();
        assertThat(report.at("/total/failed").intValue()).isZero();
        assertThat(report.at("/total/cases").intValue()).isGreaterThan(350);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void vectors_noSuchDirectory_isUsageError() {
        CommandRun run = CommandRun.of("vectors", directory.resolve("absent").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is not a directory", "Usage:");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void vectors_unknownOption_isUsageError() {
        CommandRun run = CommandRun.of("vectors", "--jsno");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--jsno");
    }

    @Test
    void vectors_help_teaches() {
        CommandRun run = CommandRun.of("vectors", "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Usage: farthing-conformance vectors", "[DIR]", "--json")
                .contains("Examples:", "java -jar farthing-conformance.jar vectors my-vectors/")
                .contains("Exit codes:", "every case of every file holds");
    }

    @Test
    void command_withoutSubcommand_isUsageError() {
        CommandRun run = CommandRun.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Say what to check", "vectors");
    }

    @Test
    void command_help_listsSubcommandsAndExamples() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Commands:", "vectors", "Examples:", "Exit codes:");
    }

    @Test
    void command_version_namesTheProgram() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("farthing-conformance ");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }
}
