package org.farthing.server.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a process of the drill says to its parent and hears from it. */
final class Lines {

    private Lines() {}

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Hears lines until there are no more, which is when the parent is gone. */
    static void hear(Consumer<String> listener) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            listener.accept(line);
        }
    }
}
