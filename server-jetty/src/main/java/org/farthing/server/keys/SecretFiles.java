package org.farthing.server.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Base64Url;

/**
 * The challenge secrets of a key folder, {@code challenge-TIME.secret}: TIME is from when a secret makes ids, so that every
 * server with a copy of the folder begins with it at the same moment, and the successor's TIME says until when it verifies
 * (specification: binding.md, F-BI-12 and F-BI-14). No file is needed to know whether another one is spent.
 */
final class SecretFiles {

    static final String PREFIX = "challenge-";
    static final String SUFFIX = ".secret";

    /**
     * How long a secret verifies after its successor took over: the longest life of a challenge, 24 hours for which claims are
     * kept, and 110 minutes for clocks and for servers that took up the successor late.
     */
    static final Duration RETIRED = Duration.ofHours(26);

    private final Path folder;

    SecretFiles(Path folder) {
        this.folder = folder;
    }

    /** By the time they begin. */
    List<SecretFile> list() throws IOException {
        List<Path> files = KeyNames.files(folder, PREFIX, SUFFIX);
        List<SecretFile> secrets = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            // Names sort by time.
            Instant until = i + 1 < files.size() ? from(files.get(i + 1)).plus(RETIRED) : Instant.MAX;
            secrets.add(new SecretFile(name(files.get(i)), from(files.get(i)), until));
        }
        return secrets;
    }

    /** All that verify now or later. */
    SecretRing ring(Instant now) throws IOException {
        List<SecretFile> secrets = list();
        if (secrets.isEmpty()) {
            throw new KeyFileException("There is no challenge secret in " + folder
                    + ". Make one with: farthing-server keys rotate --secret --dir " + folder);
        }
        SecretRing.Builder ring = SecretRing.builder();
        for (SecretFile secret : secrets) {
            if (!secret.isSpent(now)) {
                Path file = folder.resolve(secret.name());
                try {
                    byte[] bytes = Base64Url.decode(
                            new String(OwnerOnly.read(file), StandardCharsets.UTF_8).strip(), "secret");
                    ring.from(bytes, secret.from(), secret.until());
                } catch (MalformedException | IllegalArgumentException e) {
                    throw KeyNames.unusable(file, e);
                }
            }
        }
        return ring.build();
    }

    void add(Instant from, SecureRandom random) throws IOException {
        byte[] secret = new byte[SecretRing.MIN_SECRET_BYTES];
        random.nextBytes(secret);
        Path file = folder.resolve(PREFIX + KeyNames.STAMP.format(from) + SUFFIX);
        OwnerOnly.create(file, (Base64Url.encode(secret) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Instant from(Path file) throws IOException {
        String name = name(file);
        String stamp = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        try {
            return Instant.from(KeyNames.STAMP.parse(stamp));
        } catch (DateTimeParseException e) {
            throw new KeyFileException(file + " does not say in its name from when it is used, such as " + PREFIX
                    + "20261122T100000Z" + SUFFIX + ". Rename it, or move it away.");
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
