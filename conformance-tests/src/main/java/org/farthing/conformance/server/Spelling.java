package org.farthing.conformance.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Other ways to write a path that some server somewhere takes for the same. */
final class Spelling {

    private Spelling() {}

    /** A target without its query. */
    static String path(String target) {
        return target.split("\\?", 2)[0];
    }

    /** The other ways; none is the path itself. */
    static List<String> variants(String target) {
        String path = path(target);
        String query = target.substring(path.length());
        int slash = path.lastIndexOf('/') + 1;
        String folder = path.substring(0, slash);
        String name = path.substring(slash);
        Set<String> variants = new LinkedHashSet<>(List.of(
                folder + "./" + name,
                folder + "nothing/../" + name,
                "/" + path,
                path + "/",
                path + "/.",
                path + ";x=1",
                path + "%2f",
                path + "%00",
                folder + name.toUpperCase(Locale.ROOT),
                folder + "%2e/" + name));
        if (!name.isEmpty()) {
            variants.add(folder + "%" + Integer.toHexString(name.charAt(0)) + name.substring(1));
        }
        variants.remove(path);
        return variants.stream().map(variant -> variant + query).toList();
    }
}
