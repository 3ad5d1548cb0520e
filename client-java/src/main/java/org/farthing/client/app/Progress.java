package org.farthing.client.app;

import java.util.Locale;

/** Paints how much of a long download has come, on a terminal only: a pipe or a log wants none of it. */
final class Progress {

    private static final long STEP = 1 << 20;

    private final Shell shell;
    private long expected;
    private long come;
    private long painted;

    Progress(Shell shell) {
        this.shell = shell;
    }

    /** A body begins; {@code length} is negative if it is not known. */
    void start(long length) {
        expected = length;
        come = 0;
        painted = 0;
    }

    void add(int bytes) {
        come += bytes;
        if (shell.isWatched() && come - painted >= STEP) {
            painted = come;
            String whole = expected > 0 ? " of " + mebibytes(expected) : "";
            shell.err().print("\r" + mebibytes(come) + whole + " ");
            shell.err().flush();
        }
    }

    void end() {
        if (painted > 0) {
            shell.err().print("\r\u001b[K");
            shell.err().flush();
        }
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) STEP);
    }
}
