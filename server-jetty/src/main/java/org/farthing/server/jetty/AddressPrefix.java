package org.farthing.server.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;

/**
 * The part of a client's address that stands for one customer of a network: the first 24 bits of an IPv4 address, the
 * first 56 of an IPv6 address (what one household gets). Registrations of wallets are counted by it (protocol section
 * 2.8). Behind a proxy it is the proxy's, unless the host adds Jetty's {@code ForwardedRequestCustomizer}.
 */
final class AddressPrefix {

    private AddressPrefix() {}

    static String of(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress inet)) {
            return "local";
        }
        InetAddress address = inet.getAddress();
        if (address == null) {
            // A forwarded name that is no address: all of them are one customer.
            return "unresolved";
        }
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(bytes, 0, bytes.length == 4 ? 3 : 7);
    }
}
