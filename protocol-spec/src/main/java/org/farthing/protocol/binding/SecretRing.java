package org.farthing.protocol.binding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.jspecify.annotations.Nullable;

/**
 * A server's challenge secrets: the one that makes ids now, those that will take over at their time and verify already, and
 * retired ones, which still verify until their time (S42, S43; F-BI-3, F-BI-4 and F-BI-10 to F-BI-14 in spec/binding.md).
 *
 * <p>Guarantees: a challenge verifies only if a live secret made its id over exactly these terms. The comparison takes the
 * same path and time for an id that was never issued and for one that is wrong in one place (threat 31). It does not say
 * that the challenge is unexpired, unused or meant for this route: those are the gate's checks.
 *
 * <p>Thread-safe and without locks; nothing blocks.
 */
public final class SecretRing {

    /** The floor for a secret, in bytes. */
    public static final int MIN_SECRET_BYTES = 32;

    /** What makes ids, by the time it begins; at least one. */
    private final List<Making> making;

    private final List<Retired> retired;

    private SecretRing(List<Making> making, List<Retired> retired) {
        this.making = making.stream().sorted(Comparator.comparing(Making::from)).toList();
        this.retired = List.copyOf(retired);
    }

    private record Making(MacPool macs, Instant from, Instant until) {}

    private record Retired(MacPool macs, Instant until) {}

    /**
     * Starts a ring.
     *
     * @return a builder that needs at least one secret that makes ids: {@link Builder#current} or {@link Builder#from}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes the id of a new challenge with the one secret that makes ids.
     *
     * @param terms the terms to bind
     * @return the id
     * @throws IllegalArgumentException as {@link #id(ChallengeTerms, Instant)}
     * @throws IllegalStateException if there are several, of which the time decides
     */
    public String id(ChallengeTerms terms) {
        if (making.size() > 1) {
            throw new IllegalStateException("which secret of this ring makes ids depends on the time: say it");
        }
        return id(terms, Instant.MAX);
    }

    /**
     * Makes the id of a new challenge: with the secret whose time came last, or with the first one while no time has come.
     *
     * @param terms the terms to bind
     * @param now the time
     * @return the id
     * @throws IllegalArgumentException if a slot holds {@code |}, or the realm a quote, a backslash, a control character or
     *     anything outside ASCII: two different challenges could then share one id (threat 33)
     */
    public String id(ChallengeTerms terms, Instant now) {
        String fault = ambiguity(terms);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        Making begun = making.get(0);
        for (Making later : making) {
            begun = now.isBefore(later.from()) ? begun : later;
        }
        return begun.macs().id(terms);
    }

    /**
     * Tells whether a live secret of this ring made the challenge's id over its terms.
     *
     * @param challenge the challenge as echoed
     * @param now the moment at which retired secrets are judged; secrets whose time is still to come verify already
     * @return true if this server, or one that shares the secret, issued exactly this challenge
     */
    public boolean verify(Challenge challenge, Instant now) {
        byte[] shown = challenge.id().getBytes(StandardCharsets.UTF_8);
        ChallengeTerms terms = challenge.terms();
        boolean made = false;
        // No short circuit: which secret matched must not show in the time.
        for (Making secret : making) {
            if (!now.isAfter(secret.until())) {
                made |= MessageDigest.isEqual(bytes(secret.macs().id(terms)), shown);
            }
        }
        for (Retired secret : retired) {
            if (!now.isAfter(secret.until())) {
                made |= MessageDigest.isEqual(bytes(secret.macs().id(terms)), shown);
            }
        }
        return made && ambiguity(terms) == null;
    }

    /** Secrets stay out of every text. */
    @Override
    public String toString() {
        return "SecretRing[" + (making.size() == 1 ? "current" : making.size() + " in turn") + ", " + retired.size()
                + " retired]";
    }

    private static byte[] bytes(String id) {
        return id.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What makes the joined slots readable in two ways, or null. */
    private static @Nullable String ambiguity(ChallengeTerms terms) {
        String realm = terms.realm();
        for (int i = 0; i < realm.length(); i++) {
            char c = realm.charAt(i);
            if (c < ' ' || c > '~' || c == '|' || c == '"' || c == '\\') {
                return "a realm is ASCII without '|', quote, backslash and control characters";
            }
        }
        boolean separator = separates(terms.method())
                || separates(terms.intent())
                || separates(terms.request())
                || separates(terms.expires())
                || separates(terms.digest())
                || separates(terms.opaque())
                || separates(terms.header());
        return separator ? "a bound slot must not hold '|'" : null;
    }

    private static boolean separates(@Nullable String slot) {
        return slot != null && slot.indexOf(ChallengeId.SEPARATOR) >= 0;
    }

    /** Collects the secrets. It copies what it is given; the caller may erase its own array afterwards. */
    public static final class Builder {

        private final List<Making> making = new ArrayList<>();
        private final List<Retired> retired = new ArrayList<>();

        private Builder() {}

        /**
         * Adds the secret that makes new ids, as if its time had come long ago.
         *
         * @param secret at least {@value SecretRing#MIN_SECRET_BYTES} bytes from a secure random generator
         * @return this builder
         * @throws IllegalArgumentException if the secret is short, one short text repeated, or a published one
         */
        public Builder current(byte[] secret) {
            return from(secret, Instant.MIN, Instant.MAX);
        }

        /**
         * Adds a secret that verifies already and makes new ids from a moment on, until the moment of another one comes. With
         * several servers, each has it before its moment (F-BI-14).
         *
         * @param secret at least {@value SecretRing#MIN_SECRET_BYTES} bytes from a secure random generator
         * @param from the moment
         * @param until the last moment it verifies, {@link Instant#MAX} while no other is to take over: the last
         *     {@code expires} it signs plus the time claims are kept
         * @return this builder
         * @throws IllegalArgumentException if the secret is short, one short text repeated, or a published one
         */
        public Builder from(byte[] secret, Instant from, Instant until) {
            making.add(new Making(new MacPool(checked(secret)), from, until));
            return this;
        }

        /**
         * Adds a secret that only verifies.
         *
         * @param secret a former current secret
         * @param until the last moment it verifies: the last {@code expires} it signed plus the time claims are kept, so
         *     that a late resend of a charged request still finds its charge
         * @return this builder
         * @throws IllegalArgumentException if the secret is short, one short text repeated, or a published one
         */
        public Builder retired(byte[] secret, Instant until) {
            retired.add(new Retired(new MacPool(checked(secret)), until));
            return this;
        }

        /**
         * Builds the ring.
         *
         * @return the ring
         * @throws IllegalStateException if there is no secret that makes ids
         */
        public SecretRing build() {
            if (making.isEmpty()) {
                throw new IllegalStateException("a secret ring needs a current secret");
            }
            return new SecretRing(making, retired);
        }

        private static byte[] checked(byte[] secret) {
            if (secret.length < MIN_SECRET_BYTES) {
                throw new IllegalArgumentException("a challenge secret has at least " + MIN_SECRET_BYTES
                        + " bytes from a secure random generator; this one has " + secret.length);
            }
            if (repeats(secret)) {
                throw new IllegalArgumentException("this challenge secret is one short text repeated, such as a default"
                        + " somebody padded to length; make one with a secure random generator");
            }
            if (PublishedSecrets.contains(secret)) {
                throw new IllegalArgumentException(
                        "this challenge secret is published in the specification; make one with a secure random generator");
            }
            return secret.clone();
        }

        /** One byte, or 'tmp', 'secret', 'changeme' and the like, over and over: the period is at most half. */
        private static boolean repeats(byte[] secret) {
            for (int period = 1; period <= secret.length / 2; period++) {
                int i = period;
                while (i < secret.length && secret[i] == secret[i - period]) {
                    i++;
                }
                if (i == secret.length) {
                    return true;
                }
            }
            return false;
        }
    }
}
