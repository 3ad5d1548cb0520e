package org.farthing.server.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import picocli.CommandLine;

/** Runs the command line as a terminal would and keeps what it printed. */
public final class Terminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int exitCode;

    public static Terminal run(Object... words) {
        return runAt(InstantSource.system(), words);
    }

    static Terminal runAt(InstantSource clock, Object... words) {
        Terminal terminal = new Terminal();
        CommandLine command = ServerCommand.commandLine(clock);
        command.setOut(new PrintWriter(terminal.out, true));
        command.setErr(new PrintWriter(terminal.err, true));
        String[] args = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            args[i] = words[i].toString();
        }
        terminal.exitCode = command.execute(args);
        return terminal;
    }

    public int exitCode() {
        return exitCode;
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }
}
