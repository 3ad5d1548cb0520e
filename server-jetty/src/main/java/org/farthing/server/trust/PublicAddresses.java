package org.farthing.server.trust;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Tells addresses of the public internet from those that lead to this machine, this network, a group, or nowhere (F-KY-51,
 * T21). The blocks are those of IANA's registries of special-purpose addresses (RFC 6890) that are not globally reachable;
 * of IPv6 only 2000::/3 is public at all, so unique-local, link-local and IPv4-mapped addresses need no entry.
 */
final class PublicAddresses {

    private static final List<Block> IPV4_SPECIAL = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    private static final List<Block> IPV6_UNICAST = blocks("2000::/3");

    /** Protocol assignments (Teredo among them), documentation, and 6to4, which has an IPv4 address inside. */
    private static final List<Block> IPV6_SPECIAL = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return IPV4_SPECIAL.stream().noneMatch(block -> block.contains(bytes));
        }
        return IPV6_UNICAST.stream().anyMatch(block -> block.contains(bytes))
                && IPV6_SPECIAL.stream().noneMatch(block -> block.contains(bytes));
    }

    private static List<Block> blocks(String... texts) {
        return List.of(texts).stream().map(Block::parse).toList();
    }

    /** All addresses that begin with the same bits. */
    private record Block(BigInteger prefix, int hostBits, int length) {

        static Block parse(String text) {
            int slash = text.indexOf('/');
            try {
                // Literals: nothing is looked up.
                byte[] bytes = InetAddress.getByName(text.substring(0, slash)).getAddress();
                int hostBits = bytes.length * 8 - Integer.parseInt(text.substring(slash + 1));
                return new Block(new BigInteger(1, bytes).shiftRight(hostBits), hostBits, bytes.length);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address literal always reads", e);
            }
        }

        boolean contains(byte[] address) {
            return address.length == length
                    && new BigInteger(1, address).shiftRight(hostBits).equals(prefix);
        }
    }
}
