package org.farthing.conformance.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.farthing.conformance.Main;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner starts the process hundreds of times: what it loads is what it costs. */
class StartTest {

    @TempDir
    Path folder;

    @Test
    @Requirement({"F-CO-60", "F-CO-62"})
    void main_codecQuestion_answersOnceAndLoadsNothingElse() throws Exception {
        Path loaded = folder.resolve("loaded.txt");

        String answer = run(
                "{\"schema\":1,\"op\":\"challenge.id\",\"input\":{\"secretKey\":\"k\",\"realm\":\"r\",\"method\":\"wallet\","
                        + "\"intent\":\"charge\",\"request\":{\"amount\":\"1\"}}}",
                "-Xlog:class+load:file=" + loaded);

        assertThat(answer).startsWith("{\"ok\":true,\"value\":{\"id\":\"").endsWith("\"}}\n");
        List<String> classes = Files.readAllLines(loaded, UTF_8);
        assertThat(classes).anyMatch(line -> line.contains("org.farthing.conformance.adapter.Adapter"));
        assertThat(classes.stream()
                        .map(line -> line.replaceAll("^(\\[[^]]*])+ ?", "").replaceAll(" .*", ""))
                        .filter(name -> name.startsWith("picocli.")
                                || name.startsWith("org.slf4j.")
                                || name.startsWith("ch.qos.")
                                || name.startsWith("org.eclipse.")
                                || name.startsWith("org.bouncycastle.")
                                || name.startsWith("com.nimbusds.")
                                || name.startsWith("com.networknt.")
                                || name.startsWith("com.fasterxml.jackson.databind.")
                                || name.startsWith("java.net.http.")
                                || name.startsWith("org.farthing.client.")
                                || name.startsWith("org.farthing.server.")))
                .isEmpty();
    }

    private String run(String question, String option) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("question.json"), question);
        Path out = folder.resolve("answer.json");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "adapter")
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(out);
    }
}
