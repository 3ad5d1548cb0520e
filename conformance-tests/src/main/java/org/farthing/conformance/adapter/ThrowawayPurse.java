package org.farthing.conformance.adapter;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.trust.KeyFetcher;
import org.farthing.protocol.binding.Origin;

/** A paying client for one request: its purse, journal and pins lie in a folder that goes when it is over. */
record ThrowawayPurse(Path folder) implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    static ThrowawayPurse create() throws IOException {
        return new ThrowawayPurse(Files.createTempDirectory("farthing-adapter"));
    }

    /** A client that pays one credential to the origin of the request, unsigned and over plain http on loopback as well. */
    PayingClient client(URI uri, Payload payload) throws IOException {
        Origin origin = Origin.of(uri);
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(origin.text())
                .allowUnsigned(origin.text())
                .perRequest(PayloadMethod.ONE)
                .total(PayloadMethod.ONE)
                .build();
        HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        return PayingClient.builder(Purse.create(folder.resolve("purse"), new SecureRandom()), policy)
                .httpClient(http)
                .keyFetcher(KeyFetcher.nothing())
                .methods(List.of(new PayloadMethod(payload, origin)))
                .announce(false)
                .loopbackProfile()
                .patience(Duration.ZERO)
                .build();
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
