package org.farthing.client.app;

import org.farthing.client.trust.OriginPins.Pin;
import org.farthing.client.trust.OriginPins.Source;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;

/** How pins and published keys are put for people, so that two of them can be compared by eye. */
final class TrustLines {

    private static final int GROUP = 4;

    private final Shell shell;

    TrustLines(Shell shell) {
        this.shell = shell;
    }

    /** One line for a list. */
    void line(Origin origin, Pin pin) {
        int keys = pin.thumbprints().size();
        shell.print(origin + "  " + (keys == 1 ? "1 key" : keys + " keys") + ", " + since(pin)
                + (pin.payee().equals(origin.text()) ? "" : ", sells for " + Printable.line(pin.payee())));
    }

    private static String since(Pin pin) {
        return (pin.source() == Source.OWNER ? "added by you " : "first paid ") + Printable.line(pin.since());
    }

    void pinned(Origin origin, Pin pin) {
        shell.print("pinned     " + since(pin));
        whole(origin, pin);
    }

    /** What a key document says, in the words of a pin. */
    void published(Origin origin, Pin now) {
        shell.print("published  " + origin + KeyDirectory.WELL_KNOWN_PATH);
        whole(origin, now);
    }

    private void whole(Origin origin, Pin pin) {
        boolean itself = pin.payee().equals(origin.text());
        shell.print("  payee    " + Printable.line(pin.payee())
                + (itself ? "  (the server itself)" : "  (not the server itself)"));
        shell.print("  signs    " + (pin.signs() ? "its offers; others are not paid" : "nothing that was seen"));
        pin.thumbprints().forEach(thumbprint -> shell.print("  key      " + grouped(thumbprint)));
        pin.providers().forEach(service -> shell.print("  through  " + Printable.line(service)));
    }

    /** A thumbprint as it can be read aloud; {@code --key} takes it with or without the spaces. */
    static String grouped(String thumbprint) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < thumbprint.length(); i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append(' ');
            }
            text.append(thumbprint.charAt(i));
        }
        return text.toString();
    }
}
