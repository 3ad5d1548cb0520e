package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.farthing.protocol.internal.Base64Url;
import org.jspecify.annotations.Nullable;

/** Where a reference server keeps its things, for its owner alone. A temporary one goes away with it. */
final class ReferenceFolder implements AutoCloseable {

    private final Path folder;
    private final boolean temporary;

    private ReferenceFolder(Path folder, boolean temporary) {
        this.folder = folder;
        this.temporary = temporary;
    }

    static ReferenceFolder of(@Nullable Path named) throws IOException {
        if (named == null) {
            return new ReferenceFolder(Files.createTempDirectory("farthing-reference-"), true);
        }
        Path folder = named.toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
        }
        return new ReferenceFolder(folder, false);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Writes a file that nobody else can read. */
    void write(String name, String text) throws IOException {
        Path file = file(name);
        Path draft = Files.createTempFile(folder, ".", ".new", ownerOnly(folder, "rw-------"));
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** A secret of 256 bits in a file, made at the first start. */
    String secret(String name) throws IOException {
        if (!Files.exists(file(name))) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            write(name, Base64Url.encode(secret) + "\n");
        }
        return Files.readString(file(name), StandardCharsets.UTF_8).strip();
    }

    private static FileAttribute<?>[] ownerOnly(Path near, String mode) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    @Override
    public void close() throws IOException {
        if (!temporary || !Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
