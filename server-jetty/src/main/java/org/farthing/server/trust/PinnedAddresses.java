package org.farthing.server.trust;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.farthing.protocol.binding.Origin;

/**
 * Looks a name up once, refuses it if any of its addresses is a bad one, and hands out the very addresses that were checked:
 * Jetty's client connects to what it gets from here and looks nothing up itself (F-KY-51).
 */
final class PinnedAddresses implements SocketAddressResolver {

    /** How names become addresses. */
    interface NameService {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final NameService names;
    private final Predicate<InetAddress> allowed;
    private final boolean loopbackProfile;
    private final Executor blocking;

    PinnedAddresses(NameService names, Predicate<InetAddress> allowed, boolean loopbackProfile, Executor blocking) {
        this.names = names;
        this.allowed = allowed;
        this.loopbackProfile = loopbackProfile;
        this.blocking = blocking;
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        blocking.execute(() -> {
            try {
                promise.succeeded(checked(host, port));
            } catch (UnknownHostException | ForbiddenAddressException e) {
                promise.failed(e);
            }
        });
    }

    private List<InetSocketAddress> checked(String host, int port)
            throws UnknownHostException, ForbiddenAddressException {
        List<InetSocketAddress> pinned = new ArrayList<>();
        for (InetAddress address : names.addresses(host)) {
            // Every one must be good: which of them is used is not for the owner of the name to play with.
            if (!allowed.test(address) && !isLoopbackProfile(host, address)) {
                throw new ForbiddenAddressException();
            }
            // With the name, which the certificate must be for.
            pinned.add(new InetSocketAddress(InetAddress.getByAddress(bare(host), address.getAddress()), port));
        }
        return pinned;
    }

    private boolean isLoopbackProfile(String host, InetAddress address) {
        String bare = bare(host);
        boolean literal = new Origin("http://" + (bare.indexOf(':') < 0 ? bare : "[" + bare + "]")).isLoopback();
        return loopbackProfile && literal && address.isLoopbackAddress();
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The name leads to an address that is not public. */
    static final class ForbiddenAddressException extends Exception {

        private static final long serialVersionUID = 1L;

        ForbiddenAddressException() {
            super("an address that is not public", null, false, false);
        }
    }
}
