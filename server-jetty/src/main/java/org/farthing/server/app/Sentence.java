package org.farthing.server.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.farthing.server.keys.KeyFileException;

/** Turns a failure into the one sentence that is printed for it: no stack trace, no class name where it can be helped. */
final class Sentence {

    private Sentence() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        while ((root instanceof CompletionException
                        || root instanceof ExecutionException
                        || root instanceof UncheckedIOException)
                && root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof NoSuchFileException missing) {
            return "There is no file or folder " + missing.getFile() + ".";
        }
        if (root instanceof AccessDeniedException denied) {
            return "No permission for " + denied.getFile() + ".";
        }
        if (root instanceof FileSystemException file && !(root instanceof KeyFileException)) {
            return file.getFile() + ": " + file.getReason();
        }
        if (root instanceof BindException || root.getCause() instanceof BindException) {
            return "The port is in use by another program; choose another with --port, or 0 for any free one.";
        }
        if (root instanceof IOException && root.getMessage() == null) {
            return "Reading or writing failed (" + root.getClass().getSimpleName() + ").";
        }
        return root.getMessage() == null ? "Failed: " + root.getClass().getSimpleName() : root.getMessage();
    }
}
