package org.farthing.server.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.HostPort;

/**
 * The part of a client's address that stands for one customer of a network: the first 24 bits of an IPv4 address, the
 * first 56 of an IPv6 address (what one household gets). Registrations of wallets and demands are counted by it (protocol
 * section 2.8; server.md, F-SV-64). Behind a proxy it is the proxy's, unless the host adds Jetty's
 * {@code ForwardedRequestCustomizer}.
 */
final class AddressPrefix {

    private static final String UNRESOLVED = "unresolved";
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private AddressPrefix() {}

    static String of(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress inet)) {
            return "local";
        }
        InetAddress address = inet.getAddress();
        // What Jetty makes of a Forwarded field is not resolved, even if it is an address.
        return address == null ? ofText(inet.getHostString()) : of(address);
    }

    /**
     * Reads an address as proxies write it, with a port or without. No name is ever looked up: all that are no address are one
     * customer.
     */
    static String ofText(String text) {
        try {
            String host = new HostPort(text).getHost();
            boolean ipv6 = host != null && host.indexOf(':') >= 0;
            // Text that is neither would be looked up in the DNS.
            return host != null && (ipv6 || isIpv4(host)) ? of(InetAddress.getByName(host)) : UNRESOLVED;
        } catch (IllegalArgumentException | UnknownHostException e) {
            return UNRESOLVED;
        }
    }

    private static boolean isIpv4(String host) {
        if (!IPV4.matcher(host).matches()) {
            return false;
        }
        for (String octet : host.split("\\.", -1)) {
            if (Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }

    private static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(bytes, 0, bytes.length == 4 ? 3 : 7);
    }
}
