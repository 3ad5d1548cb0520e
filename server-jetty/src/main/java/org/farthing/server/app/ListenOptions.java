package org.farthing.server.app;

import java.util.Optional;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a server listens and as what the world knows it, for every command that runs one. The port is the command's own. */
final class ListenOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: 127.0.0.1).")
    private String bind = "127.0.0.1";

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description =
                    "The public origin, such as https://pay.example. Default: http://127.0.0.1:PORT, for development"
                            + " on this machine.")
    private @Nullable String origin;

    @Option(
            names = "--tls-proxy",
            description = "A TLS proxy on another machine is in front, and nobody can go around it.")
    private boolean tlsProxy;

    /** What was said, with a port. */
    Listening at(int port) {
        return new Listening(bind, port, Optional.ofNullable(origin).map(text -> origin("--origin", text)), tlsProxy);
    }

    /** Reads an origin as people write it, with a slash at the end or without. */
    Origin origin(String option, String text) {
        try {
            return Origin.parse(TypedOrigin.text(text));
        } catch (MalformedException e) {
            throw new ParameterException(
                    spec.commandLine(), option + " is https://host or https://host:port, not " + text + ".");
        }
    }
}
