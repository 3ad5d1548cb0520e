package org.farthing.client.app;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/**
 * Turns a failure into the one sentence that is printed for it. Messages of our own exceptions are written for people and
 * hold no secret (F-CL-55); what other software says is shown only where it is known to be harmless.
 */
final class Sentence {

    private Sentence() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        while ((root instanceof CompletionException || root instanceof ExecutionException) && root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof FileSystemException file) {
            return ofFile(file);
        }
        if (root instanceof ConnectException) {
            return "no connection to the server; is the address right, and the server running?";
        }
        if (root instanceof HttpTimeoutException) {
            return "the server did not answer in time";
        }
        if (root instanceof SSLException) {
            return "the server's identity could not be verified (TLS); nothing was sent to it";
        }
        String message = root.getMessage();
        boolean ours = root.getClass().getName().startsWith("org.farthing.") || root.getClass() == IOException.class;
        return ours && message != null
                ? Printable.line(message)
                : "failed: " + root.getClass().getSimpleName();
    }

    private static String ofFile(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no file or folder " + failure.getFile();
        }
        if (failure instanceof AccessDeniedException) {
            return "no permission for " + failure.getFile();
        }
        if (failure instanceof FileAlreadyExistsException) {
            return failure.getFile() + " exists already; it was left as it is";
        }
        return failure.getFile() + ": " + (failure.getReason() == null ? "cannot be used" : failure.getReason());
    }
}
