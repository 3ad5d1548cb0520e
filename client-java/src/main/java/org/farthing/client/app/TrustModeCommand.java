package org.farthing.client.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.farthing.client.trust.OriginPins;
import org.farthing.client.trust.TrustMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code farthing trust mode}. */
@Command(
        name = "mode",
        header = "Say whether payees that you never saw may be paid.",
        description = {
            "",
            "With listed, only those of farthing trust list are paid, by every program that uses this home folder. With"
                    + " first-use, which is how it begins, a new payee is believed once, within your limits, and then"
                    + " held to it. Without a word, shows how it is.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {"  farthing trust mode", "  farthing trust mode listed"})
final class TrustModeCommand implements Callable<Integer> {

    private static final String LISTED = "listed";
    private static final String FIRST_USE = "first-use";

    private final Shell shell;

    @Parameters(
            paramLabel = "MODE",
            arity = "0..1",
            converter = Converter.class,
            description = LISTED + " or " + FIRST_USE + ".")
    private @Nullable TrustMode mode;

    TrustModeCommand(Shell shell) {
        this.shell = shell;
    }

    /** Reads a mode. */
    static final class Converter implements ITypeConverter<TrustMode> {

        @Override
        public TrustMode convert(String text) {
            return switch (text) {
                case LISTED -> TrustMode.LISTED_ONLY;
                case FIRST_USE -> TrustMode.FIRST_USE;
                default ->
                    throw new TypeConversionException(
                            "'" + Printable.line(text) + "' is no mode; write " + LISTED + " or " + FIRST_USE);
            };
        }
    }

    @Override
    public Integer call() throws IOException, CommandException {
        try (Payments payments = Payments.open(shell)) {
            OriginPins pins = payments.pins();
            if (mode != null) {
                pins.useMode(mode);
            }
            shell.print(pins.mode() == TrustMode.LISTED_ONLY ? LISTED : FIRST_USE);
            return ExitCode.SERVED;
        }
    }
}
