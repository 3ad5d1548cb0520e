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
        List<String> values = lines(name);
        if (values.size() > 1) {
            throw new AssertionError(name + " was sent " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    /** Every line of a field. */
    public List<String> lines(String name) {
        return List.copyOf(headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The payment credential in either field, alone there. */
    public Optional<Credential> credential() {
        boolean paid = lines("Authorization").stream().anyMatch(line -> line.startsWith("Payment "));
        return header("Payment-Authorization")
                .or(() -> paid ? header("Authorization") : Optional.empty())
                .map(value -> {
                    try {
                        return Credential.parse(value);
                    } catch (MalformedException e) {
                        throw new AssertionError("the client sent a malformed credential", e);
                    }
                });
    }
}
