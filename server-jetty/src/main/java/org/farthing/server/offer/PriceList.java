package org.farthing.server.offer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.pathmap.MappedResource;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.farthing.protocol.binding.ContentDigest;
import org.jspecify.annotations.Nullable;

/**
 * Which requests cost what. An entry is a path spec, the methods it is for, and an offer or "free".
 *
 * <p>The path is the canonical path in context, the one the application sees, so no other encoding of a path is cheaper
 * (T7). The most specific path spec with an entry for the method wins; at one path spec, an entry that names the method wins
 * over one for all methods. What no entry matches is free.
 *
 * <p>An entry without methods is for every method but {@code OPTIONS}, which is only charged where it is named, because
 * browsers ask with it before they may send anything. An entry for {@code GET} is for {@code HEAD}, too, unless one names
 * {@code HEAD}. Methods match in any case: some handlers take {@code get} for {@code GET}, so it must not be free (T63).
 */
public final class PriceList {

    private static final String OPTIONS = "OPTIONS";

    private final PathMappings<List<Entry>> mappings;

    /** Every method that differs from others somewhere; GET stands for those that are never named. */
    private final Set<String> namedMethods;

    private PriceList(PathMappings<List<Entry>> mappings, Set<String> namedMethods) {
        this.mappings = mappings;
        this.namedMethods = namedMethods;
    }

    /**
     * Starts a price list.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Finds what a request costs.
     *
     * @param method the request method
     * @param pathInContext the canonical path within the context
     * @return the priced route, or empty if the request is free
     */
    public Optional<Route> find(String method, String pathInContext) {
        MatchedResource<List<Entry>> best = mappings.getMatched(pathInContext);
        if (best == null) {
            return Optional.empty();
        }
        Entry entry = pick(best.getResource(), method);
        if (entry == null) {
            entry = lessSpecific(method, pathInContext);
        }
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.route());
    }

    /**
     * Tells whether any request for a path costs something.
     *
     * @param pathInContext the canonical path within the context
     * @return true if there is a method that is charged for
     */
    public boolean hasPrice(String pathInContext) {
        return namedMethods.stream()
                .anyMatch(method -> find(method, pathInContext).isPresent());
    }

    /**
     * Returns all priced routes.
     *
     * @return the routes, in no order
     */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (MappedResource<List<Entry>> mapped : mappings) {
            mapped.getResource().stream()
                    .map(Entry::route)
                    .filter(Objects::nonNull)
                    .forEach(routes::add);
        }
        return routes;
    }

    private @Nullable Entry lessSpecific(String method, String pathInContext) {
        for (MappedResource<List<Entry>> match : mappings.getMatches(pathInContext)) {
            Entry entry = pick(match.getResource(), method);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private static @Nullable Entry pick(List<Entry> entries, String method) {
        String name = isUpper(method) ? method : method.toUpperCase(Locale.ROOT);
        Entry forAll = null;
        Entry forGet = null;
        for (Entry entry : entries) {
            if (entry.methods().contains(name)) {
                return entry;
            }
            forAll = entry.methods().isEmpty() ? entry : forAll;
            forGet = entry.methods().contains("GET") ? entry : forGet;
        }
        if (name.equals("HEAD") && forGet != null) {
            return forGet;
        }
        return name.equals(OPTIONS) ? null : forAll;
    }

    private static boolean isUpper(String text) {
        return text.chars().noneMatch(c -> c >= 'a' && c <= 'z');
    }

    private record Entry(Set<String> methods, @Nullable Route route) {}

    /** Collects entries. For one thread. */
    public static final class Builder {

        private final PathMappings<List<Entry>> mappings = new PathMappings<>();
        private final Set<String> routeIds = new HashSet<>();

        private Builder() {}

        /**
         * Charges for a path, whatever the method.
         *
         * @param pathSpec a path, {@code /prefix/*}, {@code *.suffix}, or a regular expression that starts with {@code ^}
         * @param offer what it costs
         * @return this
         * @throws IllegalArgumentException if the path has an entry for these methods, or another route has the same id
         */
        public Builder charge(String pathSpec, Offer offer) {
            return charge(Set.of(), pathSpec, offer);
        }

        /**
         * Charges for some methods of a path.
         *
         * @param methods the methods; empty for all but OPTIONS
         * @param pathSpec as with {@link #charge(String, Offer)}
         * @param offer what it costs
         * @return this
         * @throws IllegalArgumentException if the path has an entry for these methods, or another route has the same id
         */
        public Builder charge(Set<String> methods, String pathSpec, Offer offer) {
            return charge(methods, pathSpec, List.of(PricedOffer.of(offer)), Set.of());
        }

        /**
         * Lets the client choose among several offers: in other currencies, or for other payment methods.
         *
         * @param methods the methods; empty for all but OPTIONS
         * @param pathSpec as with {@link #charge(String, Offer)}
         * @param offers what may be paid, the preferred one first, at most {@link Route#MOST_OFFERS}; one for each currency and
         *     payment method, with the same binding and the same word on repeating
         * @return this
         * @throws IllegalArgumentException if the path has an entry for these methods, another route has the same id, or the
         *     offers do not go together
         */
        public Builder charge(Set<String> methods, String pathSpec, List<Offer> offers) {
            return charge(
                    methods, pathSpec, offers.stream().map(PricedOffer::of).toList(), Set.of());
        }

        /**
         * Charges what a function says.
         *
         * @param methods the methods; empty for all but OPTIONS
         * @param pathSpec as with {@link #charge(String, Offer)}
         * @param offer everything but the price; its amount is not used
         * @param facts what the function may look at; each becomes part of the challenge
         * @param function the price
         * @return this
         * @throws IllegalArgumentException if the path has an entry for these methods, or another route has the same id
         */
        public Builder charge(
                Set<String> methods, String pathSpec, Offer offer, Set<PriceFact> facts, PriceFunction function) {
            return charge(methods, pathSpec, List.of(PricedOffer.of(offer, function)), facts);
        }

        /**
         * Lets the client choose among several offers, some of whose prices functions make.
         *
         * @param methods the methods; empty for all but OPTIONS
         * @param pathSpec as with {@link #charge(String, Offer)}
         * @param offers as with {@link #charge(Set, String, List)}, each with its own function or a price of its own
         * @param facts what the functions may look at; each becomes part of every challenge
         * @return this
         * @throws IllegalArgumentException if the path has an entry for these methods, another route has the same id, or the
         *     offers do not go together
         */
        public Builder charge(Set<String> methods, String pathSpec, List<PricedOffer> offers, Set<PriceFact> facts) {
            return add(methods, pathSpec, new Route(named(methods, pathSpec, offers), facts));
        }

        /**
         * Leaves a path free that a less specific entry would charge for.
         *
         * @param pathSpec as with {@link #charge(String, Offer)}
         * @return this
         * @throws IllegalArgumentException if the path has an entry for all methods
         */
        public Builder free(String pathSpec) {
            return free(Set.of(), pathSpec);
        }

        /**
         * Leaves some methods of a path free.
         *
         * @param methods the methods; empty for all
         * @param pathSpec as with {@link #charge(String, Offer)}
         * @return this
         * @throws IllegalArgumentException if the path has an entry for these methods
         */
        public Builder free(Set<String> methods, String pathSpec) {
            return add(methods, pathSpec, null);
        }

        /**
         * Builds the list.
         *
         * @return the list; it does not change any more
         */
        public PriceList build() {
            PathMappings<List<Entry>> copy = new PathMappings<>();
            Set<String> methods = new TreeSet<>(Set.of("GET"));
            for (MappedResource<List<Entry>> resource : mappings) {
                copy.put(resource.getPathSpec(), List.copyOf(resource.getResource()));
                resource.getResource().forEach(entry -> methods.addAll(entry.methods()));
            }
            return new PriceList(copy, Set.copyOf(methods));
        }

        private Builder add(Set<String> methods, String pathSpec, @Nullable Route route) {
            PathSpec spec = PathSpec.from(pathSpec);
            List<Entry> entries = mappings.get(spec);
            if (entries == null) {
                entries = new ArrayList<>();
                mappings.put(spec, entries);
            }
            Set<String> names = new TreeSet<>();
            methods.forEach(method -> names.add(method.toUpperCase(Locale.ROOT)));
            for (Entry entry : entries) {
                boolean sameAll = names.isEmpty() && entry.methods().isEmpty();
                if (sameAll || entry.methods().stream().anyMatch(names::contains)) {
                    throw new IllegalArgumentException(
                            "the path " + pathSpec + " has two entries for one method: remove one");
                }
            }
            boolean reads = names.isEmpty() || names.contains("GET") || names.contains("HEAD");
            if (route != null && !reads && route.hasPass()) {
                throw new IllegalArgumentException("the path " + pathSpec
                        + " has a pass and no method to read it with: passes are for GET and HEAD (F-PA-2)");
            }
            if (route != null && !routeIds.add(route.id())) {
                throw new IllegalArgumentException(
                        "two routes are called " + route.id() + ": a challenge for one would open the other");
            }
            entries.add(new Entry(Set.copyOf(names), route));
            return this;
        }

        /** Offers without a name are called as the first one that has one. */
        private static List<PricedOffer> named(Set<String> methods, String pathSpec, List<PricedOffer> offers) {
            Objects.requireNonNull(pathSpec, "pathSpec");
            String id = offers.stream()
                    .map(offer -> offer.offer().routeId())
                    .filter(name -> !name.isEmpty())
                    .findFirst()
                    .orElseGet(() -> routeId(methods, pathSpec));
            return offers.stream()
                    .map(offer -> offer.offer().routeId().isEmpty() ? offer.named(id) : offer)
                    .toList();
        }

        /** Readable, and unique by a digest: the grammar of route ids has no place for most of a path. */
        private static String routeId(Set<String> methods, String pathSpec) {
            String exact = String.join(",", new TreeSet<>(methods)).toUpperCase(Locale.ROOT) + ' ' + pathSpec;
            String words = exact.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
            String readable = words.length() <= 48 ? words : words.substring(0, 48);
            String digest =
                    ContentDigest.of(exact.getBytes(StandardCharsets.UTF_8)).base64();
            return readable + '-' + digest.replaceAll("[^A-Za-z0-9]", "").substring(0, 8);
        }
    }
}
