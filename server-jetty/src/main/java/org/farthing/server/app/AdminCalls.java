package org.farthing.server.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;

/**
 * Calls a running server as its administrator. The bearer goes to an https origin or a loopback literal only, never after a
 * redirect, and never into a message.
 */
final class AdminCalls {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Origin origin;
    private final String bearer;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    AdminCalls(String url, String bearer) {
        try {
            origin = Origin.parse(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (MalformedException e) {
            throw new CommandFailedException(
                    "--url is an origin such as https://shop.example or http://127.0.0.1:8402.", e);
        }
        if (!origin.isHttps() && !origin.isLoopback()) {
            throw new CommandFailedException("The administrator's bearer is not sent over plain http to "
                    + origin.text() + ". Use https, or run this on the server and use http://127.0.0.1:PORT.");
        }
        this.bearer = bearer;
    }

    /** Reads; returns the body of a 200. */
    String get(String pathAndQuery) throws IOException {
        return body(request(pathAndQuery).GET().build(), "Nothing changed; try again.");
    }

    /**
     * Writes; returns the body of a 200 or 201.
     *
     * @param unanswered what to tell a person who does not know whether it happened
     */
    String post(String path, String json, String unanswered) throws IOException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return body(request.build(), unanswered);
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(origin.text() + pathAndQuery))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + bearer);
    }

    private String body(HttpRequest request, String unanswered) throws IOException {
        HttpResponse<String> answer = send(request, unanswered);
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw refused(answer);
        }
        return answer.body();
    }

    private HttpResponse<String> send(HttpRequest request, String unanswered) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailedException("No answer from " + origin.text() + ". " + unanswered, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted. " + unanswered, e);
        }
    }

    private static CommandFailedException refused(HttpResponse<String> answer) {
        try {
            Problem problem = Problem.parse(answer.body());
            return new CommandFailedException("The server refused: " + problem.detail() + " ("
                    + problem.type().code() + ", status " + answer.statusCode() + ")");
        } catch (MalformedException e) {
            return new CommandFailedException("The server answered with status " + answer.statusCode() + ".", e);
        }
    }
}
