package org.farthing.conformance.vectors;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vectors [DIR]}: runs vector files through this implementation and reports every case that fails. */
@Command(
        name = "vectors",
        description = {
            "Runs vector files through this implementation and names every case that fails.",
            "",
            "A vector file is JSON: a kind (which part of the protocol) and cases, each an input with the value or the"
                    + " error it must lead to. The files are made for implementers in any language; this command shows"
                    + " that Farthing itself agrees with them, and checks files of your own making.",
            "",
            "Nothing is skipped: an unknown kind, a file without cases, a case that cannot fail, or a directory"
                    + " without vector files is a failure."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every case of every file holds",
            "1:a case fails, a file cannot be run, or there was no file",
            "2:the command was called wrongly, for example DIR is no directory"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  The vectors bundled with this jar:",
            "    java -jar farthing-conformance.jar vectors",
            "  Your own, or a changed copy:",
            "    java -jar farthing-conformance.jar vectors my-vectors/",
            "  What failed, for a script:",
            "    java -jar farthing-conformance.jar vectors --json | jq .files[].failures[]"
        })
public final class VectorsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "Directory with *.json vector files. Without it: the vectors bundled with this jar.")
    private @Nullable Path directory;

    @Option(names = "--json", description = "Print the report as one JSON object instead of text.")
    private boolean json;

    /** Made by picocli, which fills in the options before it calls the command. */
    @SuppressWarnings("NullAway.Init")
    VectorsCommand() {}

    /** {@return 0 if everything holds, 1 otherwise} */
    @Override
    public Integer call() {
        VectorReport report = new VectorRunner().run(source());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            report.printJson(out);
        } else {
            report.print(out);
        }
        return report.ok() ? 0 : 1;
    }

    private VectorSource source() {
        try {
            if (directory == null) {
                return VectorSource.bundled();
            }
            if (!Files.isDirectory(directory)) {
                throw new ParameterException(spec.commandLine(), directory + " is not a directory");
            }
            return VectorSource.directory(directory);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "Cannot read the vectors: " + e.getMessage(), e);
        }
    }
}
