package org.farthing.client.trust;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.client.http.HeldBody;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Fetches key documents and keeps them for a while (spec/keys.md, F-KY-50 to F-KY-53): over https (http on a loopback literal
 * where the profile allows it), no redirect, no credential, 64 KiB, 3 seconds; at most one fetch per origin in 60 seconds,
 * concurrent ones joined, failures remembered as long.
 *
 * <p>An origin that the caller did not connect to itself is refused if it resolves to an address that is not public, and the
 * connection is made to the very address that was checked; no proxy is used for it.
 *
 * <p>Safe to share between threads. Nothing blocks the calling thread.
 */
public final class KeyFetcher {

    private static final String MEDIA_TYPE = "application/jwk-set+json";
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_ORIGINS = 1000;
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(60);
    private static final Duration DEFAULT_AGE = Duration.ofMinutes(5);
    private static final Duration MOST_AGE = Duration.ofHours(1);
    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[\\s,])max-age=([0-9]{1,9})(?:$|[\\s,;])");

    private final @Nullable HttpClient http;
    private final InstantSource clock;
    private final Executor blocking;
    private final Duration timeout;
    private final Predicate<InetAddress> reachable;
    private final Map<Origin, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Origin, Known> eldest) {
            return size() > MOST_ORIGINS;
        }
    };

    /**
     * Makes a fetcher.
     *
     * @param like the client whose TLS, proxy and executor settings are used; its cookies and passwords are not
     * @param clock the time
     * @param blocking where addresses are looked up
     * @param timeout how long a fetch may take in all
     */
    public KeyFetcher(HttpClient like, InstantSource clock, Executor blocking, Duration timeout) {
        this(like, clock, blocking, timeout, PublicAddress::isPublic);
    }

    /**
     * Makes a fetcher with another rule for addresses, for networks where recipients are not at public ones.
     *
     * @param like the client whose TLS, proxy and executor settings are used; its cookies and passwords are not
     * @param clock the time
     * @param blocking where addresses are looked up
     * @param timeout how long a fetch may take in all
     * @param reachable which addresses a named recipient may have
     */
    public KeyFetcher(
            HttpClient like,
            InstantSource clock,
            Executor blocking,
            Duration timeout,
            Predicate<InetAddress> reachable) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .sslContext(like.sslContext())
                .sslParameters(like.sslParameters());
        like.proxy().ifPresent(builder::proxy);
        like.executor().ifPresent(builder::executor);
        this.http = builder.build();
        this.clock = clock;
        this.blocking = blocking;
        this.timeout = timeout;
        this.reachable = reachable;
    }

    private KeyFetcher() {
        this.http = null;
        this.clock = InstantSource.system();
        this.blocking = Runnable::run;
        this.timeout = Duration.ZERO;
        this.reachable = address -> false;
    }

    /**
     * A fetcher that asks nobody and has no keys: for payments by methods of others, whose payees publish none. With it no
     * signed challenge is paid.
     *
     * @return the fetcher
     */
    public static KeyFetcher nothing() {
        return new KeyFetcher();
    }

    /** What the last fetch gave. */
    private record Known(
            CompletableFuture<KeyDirectory> fetch,
            Instant started,
            @Nullable Instant goodUntil) {}

    /**
     * The key document of an origin the caller is connected to.
     *
     * @param origin the request's own origin
     * @param after a document that lacked what was looked for; null to be content with a kept one
     * @return the document, or a failure with {@link KeysUnavailableException}
     */
    public CompletableFuture<KeyDirectory> ofOwn(Origin origin, @Nullable KeyDirectory after) {
        return get(origin, after, false);
    }

    /**
     * The key document of a recipient the owner named.
     *
     * @param recipient an https origin
     * @param after a document that lacked what was looked for; null to be content with a kept one
     * @return the document, or a failure with {@link KeysUnavailableException}
     */
    public CompletableFuture<KeyDirectory> ofRecipient(Origin recipient, @Nullable KeyDirectory after) {
        return get(recipient, after, true);
    }

    private CompletableFuture<KeyDirectory> get(Origin origin, @Nullable KeyDirectory after, boolean checkAddress) {
        HttpClient client = http;
        if (client == null) {
            return CompletableFuture.failedFuture(unavailable(origin, "are not fetched by this payer"));
        }
        CompletableFuture<KeyDirectory> fetch = new CompletableFuture<>();
        synchronized (known) {
            Instant now = clock.instant();
            Known last = known.get(origin);
            if (last != null && answers(last, now, after)) {
                return last.fetch().copy();
            }
            known.put(origin, new Known(fetch, now, null));
        }
        CompletableFuture<Body> body = checkAddress
                ? CompletableFuture.supplyAsync(() -> pinned(client, origin), blocking)
                : request(client, origin).thenApply(answer -> body(origin, answer));
        CompletableFuture<Boolean> unused = body.handle((answer, failure) -> settle(origin, fetch, answer, failure));
        return fetch.copy();
    }

    private static boolean answers(Known last, Instant now, @Nullable KeyDirectory after) {
        if (!last.fetch().isDone() || now.isBefore(last.started().plus(BETWEEN_FETCHES))) {
            return true;
        }
        boolean kept = last.goodUntil() != null && now.isBefore(last.goodUntil());
        return kept && after == null;
    }

    private CompletableFuture<HttpResponse<HeldBody>> request(HttpClient client, Origin origin) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin.text() + KeyDirectory.WELL_KNOWN_PATH))
                .timeout(timeout)
                .header("Accept", MEDIA_TYPE)
                .build();
        CompletableFuture<HttpResponse<HeldBody>> answer = client.sendAsync(request, info -> HeldBody.upTo(MOST_BYTES));
        return answer.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> answer.cancel(true));
    }

    /** What came, and how long it may be kept. */
    private record Body(String json, Duration age) {}

    private static Body body(Origin origin, HttpResponse<HeldBody> answer) {
        if (answer.statusCode() != 200) {
            throw new CompletionException(unavailable(origin, "could not be fetched (" + answer.statusCode() + ")"));
        }
        if (!answer.body().isWhole()) {
            throw new CompletionException(unavailable(origin, "are longer than " + MOST_BYTES + " bytes"));
        }
        Matcher maxAge =
                MAX_AGE.matcher(answer.headers().firstValue("Cache-Control").orElse(""));
        Duration age = maxAge.find() ? Duration.ofSeconds(Long.parseLong(maxAge.group(1))) : DEFAULT_AGE;
        return new Body(text(origin, answer.body().bytes()), age.compareTo(MOST_AGE) > 0 ? MOST_AGE : age);
    }

    private Body pinned(HttpClient client, Origin recipient) {
        try {
            byte[] body = new PinnedFetch(client.sslContext(), timeout)
                    .get(recipient, requireReachable(recipient), KeyDirectory.WELL_KNOWN_PATH, MEDIA_TYPE, MOST_BYTES);
            return new Body(text(recipient, body), DEFAULT_AGE);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static String text(Origin origin, byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CompletionException(unavailable(origin, "are not UTF-8"));
        }
    }

    private boolean settle(
            Origin origin, CompletableFuture<KeyDirectory> fetch, @Nullable Body body, @Nullable Throwable failure) {
        if (body == null || failure != null) {
            return fetch.completeExceptionally(reason(origin, failure));
        }
        try {
            KeyDirectory directory = KeyDirectory.parse(body.json());
            synchronized (known) {
                Instant now = clock.instant();
                known.put(origin, new Known(fetch, now, now.plus(body.age())));
            }
            return fetch.complete(directory);
        } catch (MalformedException e) {
            return fetch.completeExceptionally(unavailable(origin, "are not readable (" + e.fault() + ")"));
        }
    }

    /** Every address must be a good one: which of them is used is not for the name's owner to play with. */
    private InetAddress requireReachable(Origin recipient) throws IOException {
        InetAddress[] addresses =
                InetAddress.getAllByName(recipient.host().replace("[", "").replace("]", ""));
        for (InetAddress address : addresses) {
            if (!reachable.test(address)) {
                throw unavailable(recipient, "lie at an address that is not public");
            }
        }
        return addresses[0];
    }

    private static KeysUnavailableException unavailable(Origin origin, String why) {
        return new KeysUnavailableException("the keys of " + origin + " " + why);
    }

    private static KeysUnavailableException reason(Origin origin, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof KeysUnavailableException ours) {
            return ours;
        }
        String kind = cause == null ? "no answer" : cause.getClass().getSimpleName();
        return unavailable(origin, "could not be fetched (" + kind + ")");
    }
}
