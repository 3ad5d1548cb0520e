package org.farthing.client.trust;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Tells public addresses from those that only mean something nearby (T21). */
final class PublicAddress {

    private PublicAddress() {}

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean nearby = address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        if (address instanceof Inet6Address) {
            boolean uniqueLocal = (first & 0xfe) == 0xfc;
            boolean translated = first == 0x00 && second == 0x64;
            return !nearby && !uniqueLocal && !translated && !isEmbedded(bytes);
        }
        boolean shared = first == 100 && (second & 0xc0) == 64;
        boolean reserved =
                first == 0 || first >= 240 || (first == 192 && second == 0) || (first == 198 && second / 2 == 9);
        return !nearby && !shared && !reserved;
    }

    /** An IPv4 address inside an IPv6 one (::a.b.c.d and 2002::/16) would get around the rules above. */
    private static boolean isEmbedded(byte[] bytes) {
        if ((bytes[0] & 0xff) == 0x20 && bytes[1] == 0x02) {
            return true;
        }
        for (int i = 0; i < 12; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
