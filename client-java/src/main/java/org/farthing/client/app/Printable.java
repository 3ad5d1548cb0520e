package org.farthing.client.app;

/** Makes text that somebody else wrote safe to show: a server must not move the cursor or paint over what we say. */
final class Printable {

    private static final int MOST = 600;

    private Printable() {}

    /** The text on one line, without control and direction characters, cut off where it gets long. */
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        int shown = Math.min(text.length(), MOST);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            line.append(moves(c) ? ' ' : c);
        }
        return text.length() > MOST ? line.append('…').toString() : line.toString();
    }

    private static boolean moves(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }
}
