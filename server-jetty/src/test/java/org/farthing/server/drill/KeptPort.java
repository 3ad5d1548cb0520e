package org.farthing.server.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.farthing.testing.ReservedPort;

/** Ports for servers that are started, killed and started again, reserved as long as this process runs. */
final class KeptPort {

    /** A socket that nobody refers to would be closed. */
    private static final Queue<ReservedPort> KEPT = new ConcurrentLinkedQueue<>();

    private KeptPort() {}

    static int take() {
        try {
            ReservedPort port = ReservedPort.any();
            KEPT.add(port);
            return port.number();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
