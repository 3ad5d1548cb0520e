package org.farthing.conformance.client;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command as a process, one for each errand. In its arguments {@code {url}} stands for the URL and {@code {body}} for a
 * file with the body; where no argument has {@code {url}}, the URL becomes the last argument. The environment has
 * {@code FARTHING_URL}, {@code FARTHING_ORIGIN} and, with a body, {@code FARTHING_BODY}.
 */
final class ProcessRunner implements Runner {

    /** How long the rest of what a command wrote may take once it has ended. */
    private static final Duration REST = Duration.ofSeconds(5);

    private static final String URL = "{url}";
    private static final String BODY = "{body}";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private final Map<String, List<String>> commands;

    /** For commands by the kind of errand they do. */
    ProcessRunner(Map<String, List<String>> commands) {
        this.commands = Map.copyOf(commands);
    }

    /**
     * Fails where a program is not there, so that a typing error is told once and not by every case.
     *
     * @throws IOException with the program's name
     */
    void requirePrograms() throws IOException {
        for (List<String> command : commands.values()) {
            String program = command.get(0);
            boolean named = program.contains("/") || program.contains(File.separator);
            if (named ? !Files.isExecutable(Path.of(program)) : !isOnPath(program)) {
                throw new IOException("there is no program " + program + (named ? "" : " on the PATH"));
            }
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        // Windows finds programs by endings of its own; there the first run tells.
        return path == null
                || File.separatorChar == '\\'
                || Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program)));
    }

    @Override
    public boolean knows(String kind) {
        return commands.containsKey(kind);
    }

    @Override
    public String typed(String kind) {
        return commands.getOrDefault(kind, List.of()).stream()
                .map(ProcessRunner::quoted)
                .collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    @Override
    public Ran run(Errand errand) throws IOException, InterruptedException {
        Path body = errand.body().length == 0 ? null : Files.createTempFile("farthing-body", ".bin");
        try {
            if (body != null) {
                Files.write(body, errand.body());
            }
            return run(errand, body);
        } finally {
            if (body != null) {
                Files.deleteIfExists(body);
            }
        }
    }

    private Ran run(Errand errand, @Nullable Path body) throws IOException, InterruptedException {
        List<String> line = line(errand, body);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("FARTHING_URL", errand.url().toString());
        builder.environment()
                .put("FARTHING_ORIGIN", errand.url().resolve("/").toString().replaceFirst("/$", ""));
        if (body != null) {
            builder.environment().put("FARTHING_BODY", body.toString());
        }
        Process process = builder.start();
        process.getOutputStream().close();
        Heard output = Heard.from(process.getInputStream());
        Heard errors = Heard.from(process.getErrorStream());
        try {
            boolean ended = process.waitFor(errand.patience().toMillis(), TimeUnit.MILLISECONDS);
            stop(process);
            // Whatever still holds the pipes open is not waited for.
            long most = System.nanoTime() + REST.toNanos();
            return new Ran(
                    String.join(" ", line), ended ? process.exitValue() : null, output.by(most), errors.by(most));
        } finally {
            stop(process);
        }
    }

    private List<String> line(Errand errand, @Nullable Path body) throws IOException {
        List<String> command = commands.get(errand.kind());
        if (command == null) {
            throw new IOException("there is no command for " + errand.kind());
        }
        List<String> line = new ArrayList<>();
        for (String argument : command) {
            String filled = argument.replace(URL, errand.url().toString());
            line.add(body == null ? filled : filled.replace(BODY, body.toString()));
        }
        if (command.stream().noneMatch(argument -> argument.contains(URL))) {
            line.add(errand.url().toString());
        }
        return line;
    }

    /**
     * Children first: a shell that is stopped leaves them behind. By their handles: {@link Process#destroyForcibly} closes the
     * pipes, and with them goes what the command said.
     */
    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        if (process.isAlive()) {
            process.toHandle().destroyForcibly();
        }
    }
}
