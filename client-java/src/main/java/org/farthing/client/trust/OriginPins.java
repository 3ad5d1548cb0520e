package org.farthing.client.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.files.ProcessLock;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * Trust on first use (spec/keys.md, F-KY-60 to F-KY-62): what was seen of an origin when it was first paid, in an
 * owner-only file. Later a changed payee, or a key document that lists no pinned key any more, stops payments until the
 * owner says otherwise; and an origin that ever signed is never again paid unsigned.
 *
 * <p>Safe to share between threads and processes. Every method reads or writes the file and blocks.
 */
public final class OriginPins {

    private static final int MOST_BYTES = 1 << 25;
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(MOST_BYTES, 4, 64, 1 << 16);

    private final Path file;
    private final ProcessLock lock;

    private OriginPins(Path file) {
        this.file = file.toAbsolutePath().normalize();
        Path lockFile = this.file.resolveSibling(this.file.getFileName() + ".lock");
        this.lock = new ProcessLock(lockFile, Duration.ofSeconds(10));
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
        pins.lock.holding(pins::read);
        return pins;
    }

    /**
     * What is pinned of one origin.
     *
     * @param payee the recipient it sold for
     * @param providers the wallet services it accepted
     * @param signs whether it ever signed a challenge, or said that it always does
     * @param thumbprints its keys for challenges (RFC 7638)
     * @param since when it was first paid
     */
    public record Pin(String payee, Set<String> providers, boolean signs, Set<String> thumbprints, String since) {

        /**
         * Copies the sets.
         *
         * @param payee as described at the record
         * @param providers as described at the record
         * @param signs as described at the record
         * @param thumbprints as described at the record
         * @param since as described at the record
         */
        public Pin {
            providers = Collections.unmodifiableSet(new TreeSet<>(providers));
            thumbprints = Collections.unmodifiableSet(new TreeSet<>(thumbprints));
        }
    }

    /**
     * What is pinned of an origin.
     *
     * @param origin the origin
     * @return the pin, or empty if it was never paid
     * @throws IOException if the pins cannot be relied on
     */
    public Optional<Pin> of(Origin origin) throws IOException {
        return lock.holding(() -> Optional.ofNullable(read().get(origin.text())));
    }

    /**
     * Compares an origin with its pin.
     *
     * @param origin the origin of the request
     * @param recipient whom its challenge names
     * @param directory its key document as fetched now, or null if it has none
     * @return what changed, in words; empty if nothing that matters did, or nothing is pinned yet
     * @throws IOException if the pins cannot be relied on
     */
    public Optional<String> change(Origin origin, String recipient, @Nullable KeyDirectory directory)
            throws IOException {
        Optional<Pin> pinned = of(origin);
        if (pinned.isEmpty()) {
            return Optional.empty();
        }
        Pin pin = pinned.get();
        if (!pin.payee().equals(recipient)) {
            return Optional.of("the payee of " + origin + " is another than before");
        }
        Set<String> known = pin.thumbprints();
        if (!known.isEmpty() && (directory == null || Collections.disjoint(known, thumbprints(directory)))) {
            return Optional.of(origin + " lists none of the keys it had before");
        }
        return Optional.empty();
    }

    /**
     * Pins an origin as it is now, beside what was pinned before.
     *
     * @param origin the origin of the request
     * @param recipient whom its challenge names
     * @param directory its key document, or null if it has none
     * @param signs whether its challenge was signed
     * @param now the time
     * @throws IOException if the pins cannot be read or written
     */
    public void pin(Origin origin, String recipient, @Nullable KeyDirectory directory, boolean signs, Instant now)
            throws IOException {
        lock.holding(() -> {
            Map<String, Pin> pins = read();
            Pin before = pins.get(origin.text());
            Pin after = new Pin(
                    recipient,
                    directory == null ? Set.of() : new TreeSet<>(directory.providers()),
                    signs || (before != null && before.signs()) || (directory != null && directory.signedAlways()),
                    directory == null ? Set.of() : thumbprints(directory),
                    before == null ? now.toString() : before.since());
            if (!after.equals(before)) {
                pins.put(origin.text(), after);
                OwnerOnly.replace(file, write(pins));
            }
            return after;
        });
    }

    /**
     * Forgets an origin: the next payment pins it anew.
     *
     * @param origin the origin
     * @throws IOException if the pins cannot be read or written
     */
    public void forget(Origin origin) throws IOException {
        lock.holding(() -> {
            Map<String, Pin> pins = read();
            if (pins.remove(origin.text()) != null) {
                OwnerOnly.replace(file, write(pins));
            }
            return pins;
        });
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

    private Map<String, Pin> read() throws IOException {
        Map<String, Pin> pins = new TreeMap<>();
        if (!Files.exists(file)) {
            return pins;
        }
        try {
            Members whole =
                    new Members(StrictJson.parseObject(OwnerOnly.read(file, MOST_BYTES), "pins", LIMITS), "pins");
            for (Members pin : whole.objects("pins")) {
                pins.put(
                        pin.text("origin"),
                        new Pin(
                                pin.text("payee"),
                                Set.copyOf(pin.texts("providers")),
                                pin.text("signs").equals("true"),
                                Set.copyOf(pin.texts("keys")),
                                pin.text("since")));
            }
            return pins;
        } catch (MalformedException e) {
            throw new PinsException(file + " is damaged; restore it, or remove it to trust all origins anew");
        }
    }

    private static byte[] write(Map<String, Pin> pins) {
        List<Object> list = new ArrayList<>();
        pins.forEach((origin, pin) -> list.add(Map.of(
                "origin", origin,
                "payee", pin.payee(),
                "providers", List.copyOf(pin.providers()),
                "signs", Boolean.toString(pin.signs()),
                "keys", List.copyOf(pin.thumbprints()),
                "since", pin.since())));
        return (CanonicalJson.write(Map.of("pins", list)) + "\n").getBytes(UTF_8);
    }
}
