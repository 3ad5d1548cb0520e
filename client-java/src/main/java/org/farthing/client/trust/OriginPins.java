package org.farthing.client.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.farthing.client.files.ProcessLock;
import org.farthing.client.trust.PinFile.Content;
import org.farthing.client.trust.TrustChange.Kind;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * What the owner trusts (spec/keys.md, F-KY-60 to F-KY-66): of each origin what was seen when it was first paid, or when the
 * owner added it, in an owner-only file. Later a changed payee, or a key document that lists no pinned key any more, stops
 * payments until the owner says otherwise; and an origin that ever signed is never again paid unsigned.
 *
 * <p>Safe to share between threads and processes. Every method reads or writes the file and blocks.
 */
public final class OriginPins {

    private final PinFile file;
    private final ProcessLock lock;

    private OriginPins(Path path) {
        Path file = path.toAbsolutePath().normalize();
        this.file = new PinFile(file);
        this.lock = new ProcessLock(file.resolveSibling(file.getFileName() + ".lock"), Duration.ofSeconds(10));
    }

    /**
     * Opens the pins, or begins with none.
     *
     * @param file the file, in an existing directory
     * @return the pins
     * @throws IOException if the file cannot be read, is damaged, or others can read it
     */
    public static OriginPins open(Path file) throws IOException {
        OriginPins pins = new OriginPins(file);
        Content unused = pins.lock.holding(pins.file::read);
        return pins;
    }

    /** How an origin came to be pinned. */
    public enum Source {
        /** By paying it when nothing was known of it. */
        FIRST_PAYMENT,
        /** By its owner's word, before or after. */
        OWNER
    }

    /**
     * What is pinned of one origin.
     *
     * @param payee the recipient it sells for
     * @param providers the wallet services it accepts
     * @param signs whether it ever signed a challenge, or said that it always does
     * @param thumbprints its keys for challenges (RFC 7638)
     * @param since when it was first pinned
     * @param source how it came to be pinned
     */
    public record Pin(
            String payee, Set<String> providers, boolean signs, Set<String> thumbprints, String since, Source source) {

        /**
         * Copies the sets.
         *
         * @param payee as described at the record
         * @param providers as described at the record
         * @param signs as described at the record
         * @param thumbprints as described at the record
         * @param since as described at the record
         * @param source as described at the record
         */
        public Pin {
            providers = Collections.unmodifiableSet(new TreeSet<>(providers));
            thumbprints = Collections.unmodifiableSet(new TreeSet<>(thumbprints));
        }
    }

    /**
     * What an origin is now, as far as it would be pinned.
     *
     * @param origin the origin of the request
     * @param payee whom its challenge, or its key document, names as recipient
     * @param directory its key document as fetched now, or null if its challenge is not signed
     * @param at the time
     */
    public record Sight(
            Origin origin, String payee, @Nullable KeyDirectory directory, Instant at) {

        /**
         * What a key document says of its origin, without a challenge.
         *
         * @param origin the origin
         * @param directory its key document
         * @param at the time
         * @return the sight
         */
        public static Sight of(Origin origin, KeyDirectory directory, Instant at) {
            return new Sight(origin, directory.payee(), directory, at);
        }

        /**
         * The pin that this would be for an origin that has none.
         *
         * @param source who says so
         * @return the pin
         */
        public Pin pin(Source source) {
            if (directory == null) {
                return new Pin(payee, Set.of(), false, Set.of(), at.toString(), source);
            }
            Set<String> thumbprints = thumbprints(directory);
            boolean signs = directory.signedAlways() || !thumbprints.isEmpty();
            return new Pin(payee, Set.copyOf(directory.providers()), signs, thumbprints, at.toString(), source);
        }

        private Pin after(@Nullable Pin before) {
            Pin now = pin(before == null ? Source.FIRST_PAYMENT : before.source());
            return before == null
                    ? now
                    : new Pin(
                            now.payee(),
                            now.providers(),
                            now.signs() || before.signs(),
                            now.thumbprints(),
                            before.since(),
                            now.source());
        }

        private static Set<String> thumbprints(KeyDirectory directory) {
            Set<String> thumbprints = new TreeSet<>();
            for (VerificationKey key : directory.keys()) {
                if (key.revoked() == null && key.roles().contains(Role.CHALLENGE)) {
                    thumbprints.add(key.thumbprint());
                }
            }
            return thumbprints;
        }
    }

    /**
     * What is pinned of an origin.
     *
     * @param origin the origin
     * @return the pin, or empty if it was never paid nor added
     * @throws IOException if the pins cannot be relied on
     */
    public Optional<Pin> of(Origin origin) throws IOException {
        return lock.holding(() -> Optional.ofNullable(file.read().pins().get(origin.text())));
    }

    /**
     * Everything that is pinned.
     *
     * @return the pins, in the order of their origins' names
     * @throws IOException if the pins cannot be relied on
     */
    public Map<Origin, Pin> all() throws IOException {
        return lock.holding(() -> {
            Map<Origin, Pin> all = new LinkedHashMap<>();
            file.read().pins().forEach((origin, pin) -> all.put(new Origin(origin), pin));
            return Collections.unmodifiableMap(all);
        });
    }

    /**
     * Whether origins that are not pinned may be paid.
     *
     * @return the mode that is kept with the pins
     * @throws IOException if the pins cannot be relied on
     */
    public TrustMode mode() throws IOException {
        return lock.holding(() -> file.read().mode());
    }

    /**
     * Sets whether origins that are not pinned may be paid, for every client that uses these pins.
     *
     * @param mode the mode
     * @throws IOException if the pins cannot be read or written
     */
    public void useMode(TrustMode mode) throws IOException {
        Content unused = lock.holding(() -> {
            Content content = new Content(mode, file.read().pins());
            file.write(content);
            return content;
        });
    }

    /**
     * Compares an origin with its pin.
     *
     * @param sight what it is now
     * @return what changed; empty if nothing that matters did, or nothing is pinned
     * @throws IOException if the pins cannot be relied on
     */
    public Optional<TrustChange> change(Sight sight) throws IOException {
        return lock.holding(() -> change(file.read().pins().get(sight.origin().text()), sight));
    }

    private static Optional<TrustChange> change(@Nullable Pin before, Sight sight) {
        if (before == null) {
            return Optional.empty();
        }
        Pin now = sight.after(before);
        TrustChange keys = new TrustChange(sight.origin(), before, now, Kind.KEYS);
        boolean keyed = !before.thumbprints().isEmpty();
        if (sight.directory() == null && (before.signs() || keyed)) {
            return Optional.of(new TrustChange(sight.origin(), before, now, Kind.UNSIGNED));
        }
        if (!before.payee().equals(now.payee())) {
            return Optional.of(new TrustChange(sight.origin(), before, now, Kind.PAYEE));
        }
        return keyed && !keys.keepsAKey() ? Optional.of(keys) : Optional.empty();
    }

    /**
     * Compares an origin with its pin and pins it as it is now, in one step that no other process can come between: of two
     * that see an origin for the first time, and see it differently, one is refused.
     *
     * @param sight what it is now
     * @param mode whether an origin that is not pinned may be; the stricter of this and {@link #mode()} holds
     * @param accepted a change that the owner accepted, or null
     * @return why it was not pinned; empty if it was
     * @throws IOException if the pins cannot be read or written
     */
    public Optional<Refused> admit(Sight sight, TrustMode mode, @Nullable TrustChange accepted) throws IOException {
        return lock.holding(() -> {
            Content content = file.read();
            Pin before = content.pins().get(sight.origin().text());
            if (before == null && isListedOnly(mode, content)) {
                return Optional.of(new Refused(null));
            }
            Optional<TrustChange> change = change(before, sight);
            if (change.isPresent() && !change.get().equals(accepted)) {
                return Optional.of(new Refused(change.get()));
            }
            put(content, sight.origin(), sight.after(before), before);
            return Optional.empty();
        });
    }

    /**
     * Why an origin was not pinned.
     *
     * @param change what changed and was not accepted; null if it is not pinned, and only pinned ones are paid
     */
    public record Refused(@Nullable TrustChange change) {}

    private static boolean isListedOnly(TrustMode mode, Content content) {
        return mode == TrustMode.LISTED_ONLY || content.mode() == TrustMode.LISTED_ONLY;
    }

    private void put(Content content, Origin origin, Pin pin, @Nullable Pin before) throws IOException {
        if (!pin.equals(before)) {
            content.pins().put(origin.text(), pin);
            file.write(content);
        }
    }

    /**
     * Pins an origin by its owner's word, in place of what was pinned.
     *
     * @param sight what it is
     * @throws IOException if the pins cannot be read or written
     */
    public void add(Sight sight) throws IOException {
        Pin unused = lock.holding(() -> {
            Content content = file.read();
            Pin pin = sight.pin(Source.OWNER);
            put(content, sight.origin(), pin, content.pins().get(sight.origin().text()));
            return pin;
        });
    }

    /**
     * Forgets an origin: it is pinned anew at its next payment, or not paid any more where only pinned ones are.
     *
     * @param origin the origin
     * @return false if it was not pinned
     * @throws IOException if the pins cannot be read or written
     */
    public boolean forget(Origin origin) throws IOException {
        return lock.holding(() -> {
            Content content = file.read();
            boolean known = content.pins().remove(origin.text()) != null;
            if (known) {
                file.write(content);
            }
            return known;
        });
    }
}
