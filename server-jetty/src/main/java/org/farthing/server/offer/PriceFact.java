package org.farthing.server.offer;

import java.util.Locale;

/**
 * One fact of a request that a price may depend on. A {@link PriceFunction} sees the facts its route declared and nothing
 * else, and their hash goes into the challenge, so the paid request is the one that was priced (T76).
 *
 * @param kind where the fact comes from
 * @param name the header's name in lower case, or the parameter's name; empty for the other kinds
 */
public record PriceFact(Kind kind, String name) {

    /** Where a fact comes from. */
    public enum Kind {
        /** A header field; several lines are joined with a comma, as RFC 9110 section 5.3 says. */
        HEADER,
        /** A query parameter, decoded; a request that repeats it is refused. */
        QUERY,
        /** The path of the request as on the wire. */
        PATH,
        /** The request method. */
        METHOD
    }

    /**
     * Checks the name.
     *
     * @param kind as the record says
     * @param name as the record says
     * @throws IllegalArgumentException if a header or parameter has no name, or another kind has one
     */
    public PriceFact {
        boolean named = kind == Kind.HEADER || kind == Kind.QUERY;
        if (named == name.isEmpty()) {
            throw new IllegalArgumentException("a header or query fact needs a name, a path or method fact has none");
        }
        name = kind == Kind.HEADER ? name.toLowerCase(Locale.ROOT) : name;
    }

    /**
     * Declares a header field.
     *
     * @param name its name in any case
     * @return the fact
     */
    public static PriceFact header(String name) {
        return new PriceFact(Kind.HEADER, name);
    }

    /**
     * Declares a query parameter.
     *
     * @param name its name, decoded
     * @return the fact
     */
    public static PriceFact query(String name) {
        return new PriceFact(Kind.QUERY, name);
    }

    /**
     * Declares the raw path.
     *
     * @return the fact
     */
    public static PriceFact path() {
        return new PriceFact(Kind.PATH, "");
    }

    /**
     * Declares the method.
     *
     * @return the fact
     */
    public static PriceFact method() {
        return new PriceFact(Kind.METHOD, "");
    }

    /**
     * Returns the fact's name within the hashed price facts.
     *
     * @return for example {@code header.accept-language}, {@code query.pages}, {@code path}
     */
    public String key() {
        String kindName = kind.name().toLowerCase(Locale.ROOT);
        return name.isEmpty() ? kindName : kindName + '.' + name;
    }
}
