package org.farthing.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A process of the run. It says {@code ready} and its ports, answers each line with a line, and ends when its input does. */
final class LoadProcess implements AutoCloseable {

    private static final String READY = "ready ";

    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;
    private final List<Integer> ports;

    private LoadProcess(Process process) throws IOException {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        String ready = line();
        if (!ready.startsWith(READY)) {
            throw new IOException("not ready: " + ready);
        }
        this.ports = Arrays.stream(ready.substring(READY.length()).split(" ", -1))
                .map(Integer::valueOf)
                .toList();
    }

    static LoadProcess start(Class<?> main, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                new ArrayList<>(List.of(java, "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new LoadProcess(process);
        } catch (IOException e) {
            process.destroy();
            throw new IOException(main.getSimpleName() + " did not start", e);
        }
    }

    /** The ports it said, in its order. */
    int port(int index) {
        return ports.get(index);
    }

    /** Says a line and waits for the answer. */
    String ask(String line) throws IOException {
        in.println(line);
        return line();
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("a process of the run ended; what it wrote is above");
        }
        return line;
    }

    /** The CPU time it used until now. */
    long cpuMicros() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1000;
    }

    @Override
    public void close() {
        in.close();
        process.destroy();
    }
}
