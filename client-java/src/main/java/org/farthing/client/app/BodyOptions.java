package org.farthing.client.app;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The body of a request. It is held in memory, because it may have to be sent twice. */
final class BodyOptions {

    private static final long MOST_BYTES = 8L * 1024 * 1024;

    @Option(names = "--data", paramLabel = "TEXT", description = "Send this text.")
    private @Nullable String text;

    @Option(names = "--data-file", paramLabel = "FILE", description = "Send this file, up to 8 MiB.")
    private @Nullable Path file;

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            description =
                    "What the body is. Default: text/plain; charset=utf-8, or application/octet-stream for a file.")
    private @Nullable String type;

    HttpRequest.Builder addTo(HttpRequest.Builder request, String method) throws IOException, CommandException {
        if (text != null && file != null) {
            throw CommandException.usage("--data and --data-file exclude each other");
        }
        byte[] bytes = bytes();
        if (bytes.length == 0) {
            return request.method(method, BodyPublishers.noBody());
        }
        String usual = file == null ? "text/plain; charset=utf-8" : "application/octet-stream";
        return request.header("Content-Type", type == null ? usual : type)
                .method(method, BodyPublishers.ofByteArray(bytes));
    }

    private byte[] bytes() throws IOException, CommandException {
        if (file == null) {
            return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        }
        if (Files.size(file) > MOST_BYTES) {
            throw CommandException.error(
                    file + " is longer than 8 MiB, too long to be sent again and so to be paid for");
        }
        return Files.readAllBytes(file);
    }
}
