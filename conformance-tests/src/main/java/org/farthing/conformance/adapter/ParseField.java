package org.farthing.conformance.adapter;

import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Members;

/** {@code challenge.parse}, {@code credential.parse} and {@code receipt.parse}: from a field value. */
record ParseField(String name) implements Operation {

    @Override
    public String failure() {
        return "parse_error";
    }

    @Override
    public Object run(Members input) throws MalformedException {
        String value = withoutOuterSpace(input.text("header"));
        return switch (name) {
            case "challenge.parse" -> Shapes.of(Challenge.parse(value));
            case "credential.parse" -> Shapes.of(Credential.parse(value));
            default -> Shapes.of(PaymentReceipt.parse(value));
        };
    }

    /** Spaces around a field value are none of it (RFC 9110 section 5.5); a server's HTTP library takes them away. */
    static String withoutOuterSpace(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isSpace(value.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
