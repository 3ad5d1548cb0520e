package org.farthing.client.files;

import java.io.IOException;
import java.nio.file.Path;

/** A file with secrets that others could read: it is not used, and nothing is paid. */
public final class ExposedFileException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Creates the error; {@code what} completes the sentence that begins with the path. */
    public ExposedFileException(Path path, String what) {
        super(path + " " + what);
    }
}
