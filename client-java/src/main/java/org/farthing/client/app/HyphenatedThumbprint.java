package org.farthing.client.app;

import java.util.Map;
import java.util.Stack;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Lets a key's thumbprint stand behind its option as it is shown. Thumbprints are base64url: one in sixty-four begins with a
 * hyphen, and one in four thousand as the option for help does, which would be taken for that.
 */
final class HyphenatedThumbprint implements IParameterPreprocessor {

    private static final Pattern THUMBPRINT = Pattern.compile("-(?: *[A-Za-z0-9_-]){42}");

    /** Puts a space before it, which means nothing in a thumbprint; the stack's top is the next argument. */
    @Override
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, @Nullable ArgSpec option, Map<String, Object> info) {
        if (!arguments.isEmpty() && THUMBPRINT.matcher(arguments.peek()).matches()) {
            arguments.push(" " + arguments.pop());
        }
        return false;
    }
}
