package org.farthing.client.files;

import java.nio.file.Path;
import java.time.Duration;

/** A process that takes a lock, says so, and keeps it until its standard input ends. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws Exception {
        new ProcessLock(Path.of(arguments[0]), Duration.ofSeconds(60)).holding(() -> {
            System.out.println("held");
            return System.in.read();
        });
    }
}
