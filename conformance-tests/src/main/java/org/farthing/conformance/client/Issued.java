package org.farthing.conformance.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A challenge that was sent.
 *
 * @param parameters its parameters by lower-case name, in order, as they read after unquoting
 * @param line the value of the field line
 * @param url what it was an answer to
 */
record Issued(Map<String, String> parameters, String line, String url) {

    Issued {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }
}
