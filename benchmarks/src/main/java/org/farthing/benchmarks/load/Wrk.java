package org.farthing.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of wrk and what it printed. One thread and 32 connections: the other core is the server's. */
final class Wrk {

    /** How many requests are under way at a time. */
    static final int CONNECTIONS = 32;

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern NOT_2XX = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern PREPARED = Pattern.compile("Prepared in: (\\d+) us");
    private static final Pattern SOCKET_ERRORS = Pattern.compile("Socket errors: (.*)");

    private Wrk() {}

    /**
     * What one run measured.
     *
     * @param rate requests a second
     * @param requests how many
     * @param not2xx how many were answered with another status
     * @param preparedMicros the CPU time wrk took before the first request, to read and format what it sends
     */
    record Sample(double rate, long requests, long not2xx, long preparedMicros) {}

    static Sample run(String url, int seconds, Path script) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s"));
        if (script != null) {
            command.addAll(List.of("-s", script.toString()));
        }
        command.add(url);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException("wrk failed with " + exit + ": " + output);
        }
        Matcher errors = SOCKET_ERRORS.matcher(output);
        if (errors.find()) {
            System.out.println("  (socket errors: " + errors.group(1) + ")");
        }
        return new Sample(
                Double.parseDouble(first(RATE, output, "0")),
                Long.parseLong(first(REQUESTS, output, "0")),
                Long.parseLong(first(NOT_2XX, output, "0")),
                Long.parseLong(first(PREPARED, output, "0")));
    }

    /** A script that makes its requests before it starts, sends each credential of a file once and stops when there is none left. */
    static Path payingScript(Path folder, Path fields) throws IOException {
        return Files.writeString(folder.resolve("pay.lua"), """
                local requests = {}
                local at = 0
                function init(args)
                  for line in io.lines("%s") do
                    requests[#requests + 1] = wrk.format("GET", "/paid", { ["Authorization"] = line })
                  end
                  print("Prepared in: " .. math.floor(os.clock() * 1000000) .. " us")
                end
                function request()
                  at = at + 1
                  if at > #requests then wrk.thread:stop() at = #requests end
                  return requests[at]
                end
                """.formatted(fields));
    }

    private static String first(Pattern pattern, String text, String otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : otherwise;
    }
}
