package org.farthing.server.app;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.farthing.protocol.binding.Origin;

/** Sends exact bytes to a server and reads until it closes. */
final class RawSocket {

    private RawSocket() {}

    static String ask(Origin server, String bytes) throws IOException {
        URI uri = URI.create(server.text());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
