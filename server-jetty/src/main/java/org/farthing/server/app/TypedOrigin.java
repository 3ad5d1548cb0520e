package org.farthing.server.app;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;

/** An origin as people type it, or copy it from a browser. */
final class TypedOrigin {

    private TypedOrigin() {}

    /** Without the slash browsers put behind an origin. */
    static String text(String typed) {
        return typed.endsWith("/") ? typed.substring(0, typed.length() - 1) : typed;
    }

    /** Reads the value of an option. */
    static Origin of(String option, String typed) {
        try {
            return Origin.parse(text(typed));
        } catch (MalformedException e) {
            throw new CommandFailedException(
                    option + " is an origin such as https://shop.example or http://127.0.0.1:8402, not " + typed + ".",
                    e);
        }
    }
}
