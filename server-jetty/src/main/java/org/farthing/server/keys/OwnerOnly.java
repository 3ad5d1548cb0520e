package org.farthing.server.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Files and folders that only their owner can open. A file is made whole or not at all, and never over an existing one.
 *
 * <p>The permission check needs a file system with POSIX permissions. On one without (Windows) the folder inherits its
 * access list from its parent and nothing is checked; the user's guide says so.
 */
final class OwnerOnly {

    /** Larger than any key file we write, small enough to read at once. */
    static final int LARGEST_FILE = 16 * 1024;

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private OwnerOnly() {}

    /** Makes the folder (0700) if it is not there; an existing one must already be the owner's alone. */
    static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            requireFolder(folder);
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, permissions(folder, FOLDER));
        } catch (FileAlreadyExistsException e) {
            throw new KeyFileException(folder + " is a file; name a folder for the keys.", e);
        }
    }

    /** Refuses a folder that is missing or that group or others can enter. */
    static void requireFolder(Path folder) throws IOException {
        requireFolder(folder, "init");
    }

    /** The same, for a folder that another command makes. */
    static void requireFolder(Path folder, String init) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new KeyFileException("There is no key folder " + folder + ". Make one with: farthing-server keys "
                    + init + " --dir " + folder);
        }
        requireOwnerOnly(folder, "700");
    }

    /**
     * Writes a new file (0600) in one step: the bytes are forced to a temporary file first, which then gets its name.
     *
     * @throws KeyFileException if a file of this name exists; it is left as it is
     */
    static void create(Path file, byte[] content) throws IOException {
        Path draft = draft(file, content);
        try {
            name(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Replaces a file (0600) in one step: whoever reads it meanwhile reads the old bytes or the new ones, never a part. */
    static void replace(Path file, byte[] content) throws IOException {
        Path draft = draft(file, content);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static Path draft(Path file, byte[] content) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file stands in a folder");
        Path draft = Files.createTempFile(folder, ".new-", ".tmp", permissions(folder, FILE));
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        return draft;
    }

    private static void name(Path draft, Path file) throws IOException {
        try {
            // A hard link is the one way to give a name that fails when the name is taken (a move may overwrite).
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            throw new KeyFileException(file + " exists and was not touched.", e);
        } catch (UnsupportedOperationException e) {
            // Without the REPLACE_EXISTING option a move on such file systems refuses a taken name too.
            Files.move(draft, file);
        }
    }

    /** Reads a file that nobody but its owner can read; refuses links, so that the file checked is the file read. */
    static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new KeyFileException(
                    Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            ? file + " is not a plain file; put the file itself there, not a link to it."
                            : "There is no file " + file + ".");
        }
        requireOwnerOnly(file, "600");
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file, options)) {
            if (channel.size() > LARGEST_FILE) {
                throw new KeyFileException(file + " is too large for a key file (over " + LARGEST_FILE + " bytes).");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // read on until the file or the buffer ends
            }
            byte[] content = new byte[bytes.flip().remaining()];
            bytes.get(content);
            return content;
        } catch (NoSuchFileException e) {
            throw new KeyFileException("There is no file " + file + ".", e);
        }
    }

    private static void requireOwnerOnly(Path path, String mode) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> foreign = EnumSet.noneOf(PosixFilePermission.class);
        foreign.addAll(permissions);
        foreign.removeAll(FOLDER);
        if (!foreign.isEmpty()) {
            throw new KeyFileException(path + " is open to other users (" + PosixFilePermissions.toString(permissions)
                    + "). Close it with: chmod " + mode + " " + path
                    + " ; and if somebody may have read it, make new keys.");
        }
    }

    private static FileAttribute<?>[] permissions(Path near, Set<PosixFilePermission> permissions) {
        boolean posix = near.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
