package org.farthing.client;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.farthing.client.http.CredentialFields;
import org.farthing.protocol.Challenge;

/** The requests of one conversation: as the caller wrote it, to another place, with a credential, without it. */
final class PaidRequest {

    static final String AUTHORIZATION = "Authorization";
    static final String PAYMENT_AUTHORIZATION = "Payment-Authorization";

    private static final Set<String> FOLLOWED = Set.of("GET", "HEAD");

    private PaidRequest() {}

    /** The caller's request, with what every request of this client says. */
    static HttpRequest prepared(HttpRequest request, RequestBody body, Optional<String> acceptPayment) {
        if (carriesCredential(request)) {
            throw new IllegalArgumentException(
                    "the request has a payment credential already; this client adds its own");
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(request, (name, value) -> true);
        if (request.bodyPublisher().isPresent()) {
            builder.method(request.method(), body.publisher());
        }
        if (request.version().orElse(Version.HTTP_2) == Version.HTTP_2) {
            // With this field JDK 17 waits for ever if an HTTP/2 server answers anything but 100 (Continue), such
            // as 402, and JDK 25 may lose that answer to the reset of the stream. Without it the upload is sent.
            builder.expectContinue(false);
        }
        if (request.headers().firstValue("Accept-Payment").isEmpty()) {
            acceptPayment.ifPresent(ranges -> builder.setHeader("Accept-Payment", ranges));
        }
        body.digest().ifPresent(digest -> builder.setHeader("Content-Digest", digest.format()));
        return builder.build();
    }

    static HttpRequest at(HttpRequest prepared, URI uri) {
        return HttpRequest.newBuilder(prepared, (name, value) -> true).uri(uri).build();
    }

    /** The same request with a pass, if there is one and it has no body; the one with the credential needs none. */
    static HttpRequest showing(HttpRequest prepared, RequestBody body, Optional<String> pass) {
        boolean may = body.isRepeatable()
                && body.digest().isEmpty()
                && prepared.headers().firstValue(PassBook.FIELD).isEmpty();
        return pass.filter(there -> may)
                .map(value -> HttpRequest.newBuilder(prepared, (name, kept) -> true)
                        .setHeader(PassBook.FIELD, value)
                        .build())
                .orElse(prepared);
    }

    /** The same request with a credential. */
    static HttpRequest paying(HttpRequest prepared, String field, String credential, Duration answerTimeout) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(prepared, (name, value) -> true);
        builder.setHeader(field, credential);
        if (prepared.timeout().isEmpty()) {
            builder.timeout(answerTimeout);
        }
        return builder.build();
    }

    static HttpRequest withoutCredential(HttpRequest request) {
        return carriesCredential(request)
                ? HttpRequest.newBuilder(request, (name, value) -> !CredentialFields.isCredential(name, value))
                        .build()
                : request;
    }

    /** The field the challenge selected. */
    static String field(Challenge challenge) {
        return challenge.header() == null ? AUTHORIZATION : PAYMENT_AUTHORIZATION;
    }

    /** Methods whose redirects are followed before payment. */
    static boolean isFollowed(HttpRequest request) {
        return FOLLOWED.contains(request.method());
    }

    /** Methods that promise to change nothing (RFC 9110 section 9.2.1). */
    static boolean isSafe(String method) {
        return Set.of("GET", "HEAD", "OPTIONS", "TRACE").contains(method);
    }

    /** A request for what a stored payment was for. */
    static HttpRequest rebuilt(String method, URI uri) {
        return HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .build();
    }

    /** Where a redirect leads, if it says so legibly. */
    static Optional<URI> target(HttpRequest from, Optional<String> location) {
        try {
            return location.map(text -> from.uri().resolve(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean carriesCredential(HttpRequest request) {
        return request.headers().map().entrySet().stream()
                .anyMatch(field -> field.getValue().stream()
                        .anyMatch(value -> CredentialFields.isCredential(field.getKey(), value)));
    }
}
