package org.farthing.server.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.URIUtil;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;

/**
 * The price list of a folder. Small files are charged when they are ready to leave; a file that is too large to be held back
 * is charged when it begins to leave.
 */
final class ShopPrices {

    /** A large file may take its time on a slow line. */
    private static final Duration LONGEST_DOWNLOAD = Duration.ofHours(1);

    /** The weakest path spec there is: any other one goes before it. */
    private static final String EVERYTHING = "/";

    private ShopPrices() {}

    static PriceList of(ShopConfig config, SortedMap<String, Long> files) {
        Map<String, Offer> offers = new LinkedHashMap<>();
        offers.put(EVERYTHING, offer(config.price()));
        config.prices().forEach((path, price) -> specs(path).forEach(spec -> offers.put(spec, offer(price))));
        Set<String> free = new LinkedHashSet<>();
        config.free().forEach(path -> free.addAll(specs(path)));

        PriceList usual = list(offers, free);
        Map<String, Offer> large = new TreeMap<>();
        files.forEach((path, size) -> {
            if (size > Offer.DEFAULT_HOLD_LIMIT) {
                usual.find("GET", path)
                        .ifPresent(route -> withWelcome(path)
                                .forEach(spec -> large.put(
                                        spec, upfront(route.offers().get(0).offer()))));
            }
        });
        offers.putAll(large);
        return list(offers, free);
    }

    private static PriceList list(Map<String, Offer> offers, Set<String> free) {
        PriceList.Builder list = PriceList.builder();
        offers.forEach(list::charge);
        free.forEach(list::free);
        return list.build();
    }

    private static Offer offer(String price) {
        return Offer.of(price).description("One document").build();
    }

    private static Offer upfront(Offer held) {
        return Offer.of(held.amount(), held.currency())
                .description("One document")
                .upfront()
                .maxDuration(LONGEST_DOWNLOAD)
                .build();
    }

    /** Turns what people write, {@code notes.txt}, {@code *.css}, {@code /free/**}, into path specs. */
    static List<String> specs(String written) {
        if (written.startsWith("*.") && written.indexOf('*', 1) < 0 && written.indexOf('/') < 0) {
            return List.of(written);
        }
        String path = written.startsWith("/") ? written : "/" + written;
        String prefix = path.endsWith("/**") ? path.substring(0, path.length() - 1) : path;
        int star = prefix.indexOf('*');
        if (star >= 0 && (star != prefix.length() - 1 || prefix.charAt(star - 1) != '/')) {
            throw new CommandFailedException("\"" + written
                    + "\" is not understood: write a path (/index.html), a folder (/free/*) or an ending (*.css).");
        }
        return withWelcome(
                HttpURI.from("http://host" + URIUtil.encodePath(prefix)).getCanonicalPath());
    }

    /** A folder's page has two paths, which cost the same. */
    private static List<String> withWelcome(String path) {
        if (!path.endsWith("/" + Folder.WELCOME)) {
            // To a path mapping, "/" is everything, and the empty text the root itself.
            return List.of(path.equals("/") ? "" : path);
        }
        String folder = path.substring(0, path.length() - Folder.WELCOME.length());
        return List.of(path, folder.equals("/") ? "" : folder);
    }
}
