package org.farthing.client.budget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farthing.client.files.OwnerOnly;

/**
 * The credentials of open payments, one owner-only file each in a directory beside the journal. They live apart from the
 * journal's lines so that each can be erased the moment its payment is over without rewriting the file that must only
 * ever grow. Every call is made under the journal's lock.
 */
final class CredentialVault {

    private static final int MOST_BYTES = 64 * 1024;

    private final Path directory;

    CredentialVault(Path directory) {
        this.directory = directory;
    }

    /** Stores the bytes; when this returns they survive a crash. */
    void put(String entry, String token) throws IOException {
        OwnerOnly.directory(directory);
        OwnerOnly.replace(file(entry), token.getBytes(StandardCharsets.US_ASCII));
    }

    Optional<String> get(String entry) throws IOException {
        try {
            return Optional.of(new String(OwnerOnly.read(file(entry), MOST_BYTES), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException erased) {
            return Optional.empty();
        }
    }

    void erase(String entry) throws IOException {
        if (Files.deleteIfExists(file(entry))) {
            OwnerOnly.syncDirectory(directory);
        }
    }

    /** Erases what belongs to no open payment: leftovers of a crash between the last line and the erasure. */
    void eraseAllBut(Set<String> open) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Set<Path> stale;
        try (Stream<Path> files = Files.list(directory)) {
            stale = files.filter(file -> !open.contains(file.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
        for (Path file : stale) {
            Files.deleteIfExists(file);
        }
        if (!stale.isEmpty()) {
            OwnerOnly.syncDirectory(directory);
        }
    }

    private Path file(String entry) {
        return directory.resolve(entry);
    }
}
