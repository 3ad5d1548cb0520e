package org.farthing.server.offer;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.farthing.protocol.binding.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * The declared facts of one request: what a {@link PriceFunction} sees and {@code pf} binds. It cannot answer for a fact that
 * was not declared.
 */
public final class PricedFacts {

    private static final PricedFacts NONE = new PricedFacts(Set.of(), Map.of());

    private final Set<PriceFact> declared;
    private final Map<String, String> values;

    private PricedFacts(Set<PriceFact> declared, Map<String, String> values) {
        this.declared = declared;
        this.values = values;
    }

    /**
     * Reads the declared facts from a request.
     *
     * @param declared the facts the route declared
     * @param target the request
     * @param headers the values of a header field by its name, an empty list if absent
     * @return the facts
     * @throws UnpriceableException if a declared query parameter stands twice, or its encoding is broken
     */
    static PricedFacts read(Set<PriceFact> declared, RequestTarget target, Function<String, List<String>> headers)
            throws UnpriceableException {
        if (declared.isEmpty()) {
            return NONE;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (PriceFact fact : declared) {
            Optional<String> value = switch (fact.kind()) {
                case HEADER -> joined(headers.apply(fact.name()));
                case QUERY -> parameter(fact.name(), target.query());
                case PATH -> Optional.of(target.path());
                case METHOD -> Optional.of(target.method());
            };
            value.ifPresent(text -> values.put(fact.key(), text));
        }
        return new PricedFacts(declared, Map.copyOf(values));
    }

    /**
     * Returns the value of a declared fact.
     *
     * @param fact the fact
     * @return its value, or empty if the request has none
     * @throws IllegalArgumentException if the route did not declare the fact: it would not be bound
     */
    public Optional<String> value(PriceFact fact) {
        if (!declared.contains(fact)) {
            throw new IllegalArgumentException(
                    "the fact " + fact.key() + " was not declared with the price, so the challenge would not bind it");
        }
        return Optional.ofNullable(values.get(fact.key()));
    }

    /**
     * Returns what {@code pf} hashes.
     *
     * @return every present fact by its {@link PriceFact#key()}
     */
    public Map<String, String> asMap() {
        return values;
    }

    private static Optional<String> joined(List<String> lines) {
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }

    /** Compares decoded names, because that is what the application does: {@code p%61ges} is {@code pages}. */
    private static Optional<String> parameter(String name, @Nullable String query) throws UnpriceableException {
        if (query == null) {
            return Optional.empty();
        }
        Optional<String> found = Optional.empty();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!decode(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
                continue;
            }
            if (found.isPresent()) {
                throw new UnpriceableException("The query parameter '" + name + "' must stand once.");
            }
            found = Optional.of(equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return found;
    }

    private static String decode(String text) throws UnpriceableException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnpriceableException("The query has a broken percent-encoding.");
        }
    }
}
