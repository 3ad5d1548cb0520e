package org.farthing.client.purse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farthing.client.files.OwnerOnly;
import org.farthing.client.files.ProcessLock;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Members;

/**
 * The wallet services an owner chose, the most wanted first. A payee's list of services is compared with this one and is
 * never an address: no service that is missing here is ever contacted (spec/wallets.md, F-WA-14).
 *
 * <p>The list lies in the purse's directory, for the owner alone. Safe to share between threads and between processes;
 * every method reads or writes the file and blocks.
 */
public final class WalletServices {

    /** A list longer than any owner has reasons for is a mistake, and would make a challenge's filter slow. */
    private static final int MOST = 20;

    private final Path file;
    private final ProcessLock lock;

    WalletServices(Path file, ProcessLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * The services.
     *
     * @return the most wanted first; empty if there are none
     * @throws IOException if the list cannot be read, is damaged, or others can read it
     */
    public List<Origin> list() throws IOException {
        return lock.holding(() -> List.copyOf(read()));
    }

    /**
     * Adds a service, or moves one that is there.
     *
     * @param service its origin
     * @param first true to want it most, false to put a new one last and to leave a known one where it is
     * @return true if it was not there before
     * @throws IOException if the list cannot be read or written, or is full
     */
    public boolean add(Origin service, boolean first) throws IOException {
        return lock.holding(() -> {
            List<Origin> services = read();
            boolean known = first ? services.remove(service) : services.contains(service);
            if (!known && services.size() == MOST) {
                throw new PurseException("the purse has " + MOST + " wallet services already; remove one first");
            }
            if (first) {
                services.add(0, service);
            } else if (!known) {
                services.add(service);
            }
            write(services);
            return !known;
        });
    }

    /**
     * Removes a service: from now on nothing is paid through it, and it is contacted no more. The wallet there stays.
     *
     * @param service its origin
     * @return true if it was there
     * @throws IOException if the list cannot be read or written
     */
    public boolean remove(Origin service) throws IOException {
        return lock.holding(() -> {
            List<Origin> services = read();
            boolean known = services.remove(service);
            if (known) {
                write(services);
            }
            return known;
        });
    }

    private List<Origin> read() throws IOException {
        List<Origin> services = new ArrayList<>();
        if (!Files.exists(file)) {
            return services;
        }
        try {
            for (Members service : PurseFile.read(file).objects("services")) {
                services.add(Origin.parse(service.text("origin"), "services.origin"));
            }
            return services;
        } catch (MalformedException e) {
            throw PurseFile.damaged(file);
        }
    }

    private void write(List<Origin> services) throws IOException {
        List<Object> list = new ArrayList<>();
        services.forEach(service -> list.add(Map.of("origin", service.text())));
        OwnerOnly.replace(file, PurseFile.write(Map.of("services", list)));
    }
}
