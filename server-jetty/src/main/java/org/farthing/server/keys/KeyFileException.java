package org.farthing.server.keys;

import java.io.IOException;

/**
 * A key file that cannot be used: missing, readable by others, or not what it should be. The message is one sentence or
 * two for the person who runs the server: which file, what is wrong, and how to mend it. It never quotes the file.
 */
public final class KeyFileException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message which file, what is wrong with it, and how to mend it
     */
    public KeyFileException(String message) {
        super(message);
    }

    /**
     * Creates the error with the failure of the file system beneath it.
     *
     * @param message which file, what is wrong with it, and how to mend it
     * @param cause what the file system said
     */
    public KeyFileException(String message, IOException cause) {
        super(message, cause);
    }
}
