package org.farthing.server.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a SQLite store online. The copy is made beside its target under another name, so that nobody ever takes half a copy
 * for a whole one.
 */
final class SqliteCopy {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteCopy.class);

    private SqliteCopy() {}

    static StoreCopy make(Path store, Path target, String ownTable) {
        Path folder = target.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw refused(target, "its folder does not exist; create it first", null);
        }
        if (Files.exists(target)) {
            throw refused(target, "it is there already; name another file, or remove it", null);
        }
        Path part = folder.resolve(target.getFileName() + ".part");
        if (Files.exists(part)) {
            throw refused(target, part + " is left of another copy, or one is being made; remove it", null);
        }
        boolean done = false;
        try {
            StoreFile.makeOwnerOnly(part);
            copy(store, target, part, ownTable);
            int version = verify(target, part, ownTable);
            sync(part, StandardOpenOption.WRITE);
            Files.move(part, target);
            syncFolder(folder);
            done = true;
            return new StoreCopy(target, Files.size(target), version);
        } catch (IOException e) {
            throw refused(target, "it cannot be written (" + e + ")", e);
        } catch (SQLException e) {
            throw refused(target, "the database says: " + e.getMessage(), e);
        } finally {
            if (!done) {
                discard(part);
            }
        }
    }

    private static void copy(Path store, Path target, Path part, String ownTable) throws SQLException {
        try (Session session = SqliteLedger.copy(store, InstantSource.system())) {
            if (!session.exists(ownTable)) {
                throw refused(target, store + " is not a ledger's store", null);
            }
            session.update("VACUUM INTO ?", part.toString());
        }
    }

    private static int verify(Path target, Path part, String ownTable) throws SQLException {
        try (Session session = SqliteLedger.read(part, InstantSource.system())) {
            List<String> said = session.all("PRAGMA integrity_check(1)", row -> row.getString(1));
            if (!said.equals(List.of("ok"))) {
                throw refused(target, "SQLite finds the copy damaged: " + String.join("; ", said), null);
            }
            return Migrations.version(session, ownTable);
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.warn("What is left of a copy, {}, could not be removed: {}", part, e.toString());
        }
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /** The name of a file is the folder's content. Where folders cannot be opened, nothing is to be done. */
    private static void syncFolder(Path folder) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            sync(folder, StandardOpenOption.READ);
        }
    }

    private static StoreRefusedException refused(Path target, String why, @Nullable Throwable cause) {
        return new StoreRefusedException("The copy " + target + " cannot be made: " + why + ".", cause);
    }
}
