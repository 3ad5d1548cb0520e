package org.farthing.server.app;

import java.util.Map;
import java.util.Stack;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Lets ids stand on the command line as they are shown. Those of challenges and token keys are base64url of 32 bytes, so one in
 * sixty-four begins with a hyphen and would be read as an option, or worse as a cluster of short ones.
 */
abstract class HyphenatedId implements IParameterPreprocessor {

    private static final Pattern ID = Pattern.compile("-[A-Za-z0-9_-]{42}");
    private static final String NO_MORE_OPTIONS = "--";

    /** The stack's top is the next argument. */
    @Override
    public boolean preprocess(
            Stack<String> arguments, CommandSpec command, @Nullable ArgSpec option, Map<String, Object> info) {
        for (int at = arguments.size() - 1; at >= 0; at--) {
            String argument = arguments.get(at);
            if (argument.equals(NO_MORE_OPTIONS)) {
                return false;
            }
            if (ID.matcher(argument).matches()) {
                shield(arguments, at);
                return false;
            }
        }
        return false;
    }

    /** Makes the id that stands there one that is not read as an option. */
    abstract void shield(Stack<String> arguments, int at);

    /** The id of a command that takes nothing else beside its options: goes behind their end. */
    static final class Alone extends HyphenatedId {

        @Override
        void shield(Stack<String> arguments, int at) {
            String id = arguments.remove(at);
            arguments.add(0, id);
            arguments.add(1, NO_MORE_OPTIONS);
        }
    }

    /** The id of a challenge where a receipt's reference may stand as well: becomes that reference. */
    static final class OfACharge extends HyphenatedId {

        @Override
        void shield(Stack<String> arguments, int at) {
            arguments.set(at, "ch_" + arguments.get(at));
        }
    }
}
