package org.farthing.client.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;

/** A request as a scripted server got it. */
public final class Received {

    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    Received(String method, String target, Map<String, List<String>> headers, byte[] body) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
    }

    public String method() {
        return method;
    }

    /** Path and query as on the wire. */
    public String target() {
        return target;
    }

    public Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        if (values.size() > 1) {
            throw new AssertionError(name + " was sent " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The payment credential in either field. */
    public Optional<Credential> credential() {
        return header("Payment-Authorization")
                .or(() -> header("Authorization").filter(value -> value.startsWith("Payment ")))
                .map(value -> {
                    try {
                        return Credential.parse(value);
                    } catch (MalformedException e) {
                        throw new AssertionError("the client sent a malformed credential", e);
                    }
                });
    }
}
