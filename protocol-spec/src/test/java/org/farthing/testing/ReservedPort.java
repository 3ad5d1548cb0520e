package org.farthing.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 for servers whose number must be known before they listen, or that come and go at the same one.
 *
 * <p>A port that was found free and let go may be somebody else's a moment later. Here a socket stays bound to it that never
 * listens: the system gives the port to nobody who asks for any free one, refuses connections while no server is there, and
 * lets a server in that names the port and may reuse addresses, as Java's, nginx and PostgreSQL do. Systems other than Linux
 * let no two sockets have one address; there the port is merely free for the moment.
 */
public final class ReservedPort implements AutoCloseable {

    private static final boolean CAN_BE_SHARED = "Linux".equals(System.getProperty("os.name"));

    private final Socket socket;
    private final int number;

    private ReservedPort(Socket socket) throws IOException {
        this.socket = socket;
        this.number = socket.getLocalPort();
        if (!CAN_BE_SHARED) {
            socket.close();
        }
    }

    /**
     * Reserves any free port.
     *
     * @return the port, reserved until it is closed
     * @throws IOException if there is none
     */
    public static ReservedPort any() throws IOException {
        return at(0);
    }

    /**
     * Reserves a port.
     *
     * @param number which, or 0 for any free one
     * @return the port, reserved until it is closed
     * @throws IOException if it is not free
     */
    public static ReservedPort at(int number) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), number));
            return new ReservedPort(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Returns its number.
     *
     * @return 1 to 65535
     */
    public int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
