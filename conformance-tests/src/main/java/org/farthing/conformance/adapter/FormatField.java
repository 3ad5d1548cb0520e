package org.farthing.conformance.adapter;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Members;

/** {@code challenge.format}, {@code credential.format} and {@code receipt.format}: to a field value. */
record FormatField(String name) implements Operation {

    @Override
    public String failure() {
        return "format_error";
    }

    @Override
    public Object run(Members input) throws MalformedException {
        return Map.of(
                "header",
                switch (name) {
                    case "challenge.format" -> Shapes.challenge(input).format();
                    case "credential.format" -> Shapes.credential(input).format();
                    default -> Shapes.receipt(input).format();
                });
    }
}
