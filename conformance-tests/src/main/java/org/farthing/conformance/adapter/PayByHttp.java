package org.farthing.conformance.adapter;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * {@code http.payment_request}: one request through the paying client, which pays with the payload it was given. The client asks
 * once and pays once; what it may not pay comes back as the 402 it got.
 */
record PayByHttp() implements Operation {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Fields that are the HTTP library's to write. */
    private static final Set<String> TRANSPORT = Set.of("connection", "content-length", "host", "transfer-encoding");

    @Override
    public String failure() {
        return "http_error";
    }

    @Override
    public Object run(Members input) throws MalformedException, AdapterException {
        Payload payload = Payload.of(input);
        URI uri = URI.create(input.text("url"));
        if (!String.valueOf(uri.getHost()).equalsIgnoreCase("localhost")) {
            return answer(input, payload, uri);
        }
        // Plain http is paid to addresses of this machine only, and localhost is a name: either of the two may listen.
        try {
            return answer(input, payload, at(uri, "127.0.0.1"));
        } catch (AdapterException e) {
            if (!(e.getCause() instanceof ConnectException)) {
                throw e;
            }
            return answer(input, payload, at(uri, "[::1]"));
        }
    }

    private static URI at(URI uri, String host) {
        String authority = uri.getPort() < 0 ? host : host + ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(uri.getScheme() + "://" + authority + uri.getRawPath() + query);
    }

    private Object answer(Members input, Payload payload, URI uri) throws MalformedException, AdapterException {
        HttpRequest request = request(input, uri);
        try (ThrowawayPurse purse = ThrowawayPurse.create()) {
            PayingClient client = purse.client(uri, payload);
            return value(client.send(request, BodyHandlers.ofByteArray()), payload);
        } catch (IOException e) {
            throw new AdapterException(failure(), e.getClass().getSimpleName() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdapterException(failure(), "interrupted");
        }
    }

    private static HttpRequest request(Members input, URI uri) throws MalformedException {
        String body = MakeChallengeId.text(input, "body");
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE)
                .method(
                        input.text("method").toUpperCase(Locale.ROOT),
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        Members headers = new Members(input.object("headers"), "input.headers");
        for (String name : headers.map().keySet()) {
            if (!TRANSPORT.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, headers.text(name));
            }
        }
        return request.build();
    }

    private Object value(PaidResponse<byte[]> paid, Payload payload) throws AdapterException, MalformedException {
        if (payload.pays()
                && paid.outcome() instanceof PaymentOutcome.Declined declined
                && declined.why() == DeclineReason.CROSS_ORIGIN_REDIRECT) {
            throw new AdapterException(failure(), declined.words());
        }
        HttpResponse<byte[]> answer = paid.answer();
        if (answer == null) {
            throw new AdapterException(failure(), "no answer came to the request with the payment");
        }
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("status", answer.statusCode());
        value.put("headers", headers(answer));
        value.put("body", new String(answer.body(), StandardCharsets.UTF_8));
        return value;
    }

    /** Lower-case names, several lines of one name as the list they stand for (RFC 9110 section 5.3). */
    private static Map<String, String> headers(HttpResponse<?> answer) {
        Map<String, String> headers = new TreeMap<>();
        for (Map.Entry<String, List<String>> field : answer.headers().map().entrySet()) {
            if (!field.getKey().startsWith(":")) {
                headers.put(field.getKey().toLowerCase(Locale.ROOT), String.join(", ", field.getValue()));
            }
        }
        return headers;
    }
}
