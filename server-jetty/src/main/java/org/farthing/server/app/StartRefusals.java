package org.farthing.server.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.farthing.protocol.binding.Origin;

/**
 * What a server refuses before anything is opened, in the words of the command line. What the keys, the store and the paywall
 * refuse, they say themselves (specification: server.md, F-SV-50).
 */
final class StartRefusals {

    private StartRefusals() {}

    static void check(ShopConfig config, Folder folder) throws IOException {
        requireOutside(folder, config.keys().folder(), "key folder");
        if (config.tokens().orElse(null) instanceof TokenTrade.OwnMint mint) {
            requireOutside(folder, mint.keys(), "folder with the mint's keys");
        }
        Path store = config.store().file().orElse(null);
        if (store != null) {
            requireOutside(folder, store, "ledger");
        }
        check(config.listening());
    }

    /** Refuses plain http wherever somebody could read along. */
    static void check(Listening config) {
        boolean loopback = isLoopback(config.bind());
        Origin origin = config.origin().orElse(null);
        if (origin != null && !origin.isHttps() && !origin.isLoopback()) {
            throw new CommandFailedException("The public origin " + origin.text()
                    + " is plain http: credentials would be readable on the way. Use https with a TLS proxy in front.");
        }
        if (!loopback && (origin == null || !origin.isHttps())) {
            throw new CommandFailedException("Listening on " + config.bind()
                    + " means plain http on the network, where credentials can be read. Listen on 127.0.0.1, or name the"
                    + " origin of your TLS proxy with --origin https://... --tls-proxy.");
        }
        if (!loopback && !config.tlsProxy()) {
            throw new CommandFailedException("Listening on " + config.bind()
                    + " needs a TLS proxy in front that nobody can go around. If there is one on another machine, say so with"
                    + " --tls-proxy; if it is on this machine, listen on 127.0.0.1.");
        }
    }

    private static void requireOutside(Folder folder, Path path, String what) throws IOException {
        if (folder.contains(path)) {
            throw new CommandFailedException(
                    "The " + what + " " + path + " lies in " + folder.root() + ", which is for sale. Move it out.");
        }
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new CommandFailedException(bind + " is no address of this machine; use 127.0.0.1.", e);
        }
    }
}
