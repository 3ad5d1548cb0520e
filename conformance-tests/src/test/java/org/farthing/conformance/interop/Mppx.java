package org.farthing.conformance.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Node process with mppx and privacypass-ts in it, which does as a test says: {@code interop/tests/driver.js}. */
public final class Mppx implements AutoCloseable {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    private Mppx(Process process) {
        this.process = process;
        this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** Starts it, or skips the test where there is no Node. */
    public static Mppx start() throws IOException {
        Node.need();
        Mppx started = new Mppx(
                Node.builder(List.of("node", Path.of("tests", "driver.js").toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
        started.read();
        return started;
    }

    /** A command in the making. */
    public static ObjectNode command(String word) {
        return JSON.createObjectNode().put("command", word);
    }

    /** Has it do something. */
    public synchronized JsonNode does(ObjectNode command) throws IOException {
        in.write(command.toString());
        in.newLine();
        in.flush();
        JsonNode answer = read();
        if (answer.has("failed")) {
            throw new AssertionError(answer.get("failed").asText());
        }
        return answer;
    }

    private JsonNode read() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("interop/tests/driver.js ended; run it to see why");
        }
        return JSON.readTree(line);
    }

    /** Opens a server that sells with mppx; it goes with this process. */
    String shop(boolean signed) throws IOException {
        return does(command("shop").put("signed", signed)).get("origin").asText();
    }

    /** How often the application of such a server ran. */
    int served(String origin) throws IOException {
        return does(command("served").put("origin", origin)).get("served").asInt();
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
