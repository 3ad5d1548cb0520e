package org.farthing.client.app;

/** Ends a command with a sentence and an exit code. The sentence says what to do and holds no secret. */
final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    static CommandException error(String message) {
        return new CommandException(ExitCode.ERROR, message);
    }

    static CommandException usage(String message) {
        return new CommandException(ExitCode.USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
