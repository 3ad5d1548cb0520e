package org.farthing.server.app;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.URIUtil;

/**
 * The files of a folder as a web site has them: no hidden ones (a name that starts with a dot), none outside the folder,
 * whether by {@code ..} or by a link, and {@code index.html} for a folder.
 */
final class Folder {

    /** What a folder's own path shows. */
    static final String WELCOME = "index.html";

    private final Path root;

    private Folder(Path root) {
        this.root = root;
    }

    static Folder of(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new CommandFailedException("There is no folder " + path + " to sell from.");
        }
        return new Folder(path.toRealPath());
    }

    Path root() {
        return root;
    }

    /** Tells whether a file or folder, also one to be made, lies within. */
    boolean contains(Path path) throws IOException {
        Path existing = path.toAbsolutePath().normalize();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing.toRealPath().startsWith(root);
    }

    /** What is under a request's canonical path. */
    Optional<Path> find(String canonicalPath) {
        try {
            Path relative = Path.of(URIUtil.decodePath(canonicalPath).substring(1));
            if (relative.isAbsolute() || isHidden(relative)) {
                return Optional.empty();
            }
            Path file = root.resolve(relative);
            // Only the one spelling: no "..", no link that leads elsewhere, no other case on a file system without
            // case.
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            && file.toRealPath().equals(file)
                    ? Optional.of(file)
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** All files by canonical path, with their size in bytes. */
    SortedMap<String, Long> files() throws IOException {
        SortedMap<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root, new FileVisitOption[0])) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String path = path(file);
                if (find(path).isPresent()) {
                    files.put(path, Files.size(file));
                }
            }
        }
        return files;
    }

    /** The path as Jetty sees it in a request that asks for the file. */
    private String path(Path file) {
        StringBuilder path = new StringBuilder();
        for (Path name : root.relativize(file)) {
            path.append('/').append(name);
        }
        return HttpURI.from("http://host" + URIUtil.encodePath(path.toString())).getCanonicalPath();
    }

    private static boolean isHidden(Path relative) {
        for (Path name : relative) {
            // A dot also begins ".." and ".", which a canonical path does not have.
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
