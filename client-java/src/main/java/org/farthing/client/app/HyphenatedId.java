package org.farthing.client.app;

import java.util.Map;
import java.util.Stack;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Lets a payment's id stand on the command line as it is shown. Ids are base64url, so one in sixty-four begins with a hyphen
 * and would be read as an option, or worse as a cluster of short ones.
 */
final class HyphenatedId implements IParameterPreprocessor {

    private static final Pattern ID = Pattern.compile("-[A-Za-z0-9_-]{21}");
    private static final String NO_MORE_OPTIONS = "--";

    /** Moves the id behind the end of the options; the stack's top is the next argument. */
    @Override
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, @Nullable ArgSpec option, Map<String, Object> info) {
        for (int at = arguments.size() - 1; at >= 0; at--) {
            String argument = arguments.get(at);
            if (argument.equals(NO_MORE_OPTIONS)) {
                return false;
            }
            if (ID.matcher(argument).matches()) {
                arguments.remove(at);
                arguments.add(0, argument);
                arguments.add(1, NO_MORE_OPTIONS);
                return false;
            }
        }
        return false;
    }
}
