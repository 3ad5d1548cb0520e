package org.farthing.protocol.binding;

/**
 * Which texts are hosts and ports. Strict on purpose: hosts that resolvers read in surprising ways ({@code 127.1},
 * {@code 0x7f.0.0.1}, {@code 2130706433}) are none, so that "is this loopback?" has one answer everywhere.
 */
final class HostSyntax {

    private static final int MAX_HOST = 253;
    private static final int MAX_LABEL = 63;
    private static final int IPV6_GROUPS = 8;

    private HostSyntax() {}

    /** A lower-case name, a dotted IPv4 literal, or an IPv6 literal in brackets. */
    static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return host.endsWith("]") && isIpv6(host.substring(1, host.length() - 1));
        }
        return isIpv4(host) || isName(host);
    }

    /** Four decimal bytes without leading zeros. */
    static boolean isIpv4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.length() > 3 || !isDecimal(part) || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** 1 to 65535, decimal, no leading zero. */
    static boolean isPort(String port) {
        return port.length() <= 5 && isDecimal(port) && !port.equals("0") && Integer.parseInt(port) <= 65_535;
    }

    private static boolean isName(String host) {
        if (host.isEmpty() || host.length() > MAX_HOST) {
            return false;
        }
        String[] labels = host.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.length() > MAX_LABEL || !isLabel(label)) {
                return false;
            }
        }
        // A last label that starts with a digit makes many resolvers try to read the whole as a number.
        char first = labels[labels.length - 1].charAt(0);
        return first < '0' || first > '9';
    }

    private static boolean isLabel(String label) {
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean inner = i > 0 && i < label.length() - 1;
            if (!letterOrDigit && !(c == '-' && inner) && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == IPV6_GROUPS;
        }
        String left = text.substring(0, gap);
        String right = text.substring(gap + 2);
        int before = left.isEmpty() ? 0 : groups(left);
        int after = right.isEmpty() ? 0 : groups(right);
        return before >= 0 && after >= 0 && before + after < IPV6_GROUPS;
    }

    /** How many hexadecimal groups stand there, or -1 if something else does. */
    private static int groups(String text) {
        String[] groups = text.split(":", -1);
        for (String group : groups) {
            if (group.isEmpty() || group.length() > 4) {
                return -1;
            }
            for (int i = 0; i < group.length(); i++) {
                if (Character.digit(group.charAt(i), 16) < 0) {
                    return -1;
                }
            }
        }
        return groups.length;
    }

    private static boolean isDecimal(String text) {
        if (text.isEmpty() || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
