package org.farthing.server.trust;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of its own age (RFC 9111): a cache on the way may have kept it.
 *
 * @param age how long ago it was made, as far as caches said so
 * @param left for how much longer its origin expects no change; empty if it does not say
 */
public record Freshness(Duration age, Optional<Duration> left) {

    /** Of an answer that says nothing. */
    public static final Freshness UNKNOWN = new Freshness(Duration.ZERO, Optional.empty());

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[\\s,])max-age=([0-9]{1,9})(?:$|[\\s,;])");

    /** Reads the fields {@code Age} and {@code Cache-Control}; what cannot be read is as if it were not there. */
    static Freshness of(@Nullable String age, @Nullable String cacheControl) {
        long old = age != null && SECONDS.matcher(age.strip()).matches() ? Long.parseLong(age.strip()) : 0;
        Matcher maxAge = MAX_AGE.matcher(cacheControl == null ? "" : cacheControl);
        Optional<Duration> left = maxAge.find()
                ? Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(maxAge.group(1)) - old)))
                : Optional.empty();
        return new Freshness(Duration.ofSeconds(old), left);
    }
}
