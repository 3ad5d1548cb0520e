package org.farthing.server.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who has to wait: options of a command that sells. */
final class LimitOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "6000",
            description = "How many prices one network may ask for in a minute; then it has to wait, 429. 0: any number"
                    + " (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--wallet-rate",
            paramLabel = "N",
            defaultValue = "12000",
            description =
                    "How many payments one wallet may send in a minute. 0: any number (default: ${DEFAULT-VALUE}).")
    private int walletRate;

    @Option(
            names = "--forwarded-for",
            paramLabel = "FIELD",
            description = "The field in which the proxy in front names the client, such as X-Forwarded-For; its last"
                    + " address counts. Without it, what comes through a proxy is not limited by network.")
    private @Nullable String forwardedFor;

    RequestLimits said() {
        if (rate < 0 || walletRate < 0) {
            throw new ParameterException(spec.commandLine(), "--rate and --wallet-rate are so many a minute, or 0.");
        }
        if (forwardedFor != null && forwardedFor.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--forwarded-for names a field, such as X-Forwarded-For.");
        }
        return new RequestLimits(rate, walletRate, Optional.ofNullable(forwardedFor));
    }
}
