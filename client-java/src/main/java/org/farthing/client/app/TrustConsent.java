package org.farthing.client.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.farthing.client.trust.OriginPins.Sight;
import org.farthing.client.trust.OriginPins.Source;
import picocli.CommandLine.Option;

/** How an owner says that published keys are the right ones: by their thumbprints, at the terminal, or unseen. */
final class TrustConsent {

    @Option(
            names = "--key",
            paramLabel = "THUMBPRINT",
            preprocessor = HyphenatedThumbprint.class,
            description =
                    "A key's thumbprint that you had another way, with or without spaces. It must be among the published"
                            + " ones; then nobody is asked. May be repeated.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--yes", description = "Do not ask; what the server publishes now is right.")
    private boolean yes;

    /** Says what is missing before anything is fetched. */
    void requirePossible(Shell shell) throws CommandException {
        if (keys.isEmpty() && !yes && !shell.canAsk()) {
            throw CommandException.usage("nobody can be asked here; say --key THUMBPRINT, or --yes");
        }
    }

    void require(Shell shell, Sight now, String question) throws IOException, CommandException {
        Set<String> published = now.pin(Source.OWNER).thumbprints();
        for (String key : keys) {
            String thumbprint = key.replace(" ", "");
            if (!published.contains(thumbprint)) {
                throw new CommandException(
                        ExitCode.DECLINED,
                        now.origin() + " does not publish the key " + Printable.line(thumbprint)
                                + "; nothing was changed, and you may be talking to somebody else");
            }
        }
        if (keys.isEmpty() && !yes && !shell.confirms(question)) {
            throw new CommandException(ExitCode.DECLINED, "nothing was changed");
        }
    }
}
