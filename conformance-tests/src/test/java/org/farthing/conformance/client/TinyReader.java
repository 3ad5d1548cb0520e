package org.farthing.conformance.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.protocol.internal.AuthScanner;
import org.farthing.protocol.internal.AuthScanner.Scanned;

/** Finds the Payment challenges of an answer, as parameters by name; the flaws are the ways in which real readers fail. */
final class TinyReader {

    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"");
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z-]+)\\s*=\\s*\"([^\"]*)\"");
    private static final Set<String> KNOWN = Set.of(
            "id",
            "realm",
            "method",
            "intent",
            "request",
            "expires",
            "digest",
            "opaque",
            "header",
            "description",
            "jws");

    private final Set<Flaw> flaws;

    TinyReader(Set<Flaw> flaws) {
        this.flaws = flaws;
    }

    private boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    List<Map<String, String>> challenges(List<String> lines) {
        List<Map<String, String>> found = new ArrayList<>();
        for (String line : has(Flaw.READS_FIRST_LINE) && !lines.isEmpty() ? lines.subList(0, 1) : lines) {
            if (has(Flaw.READS_FIRST_SCHEME)
                    && !line.strip().toLowerCase(Locale.ROOT).startsWith("payment ")) {
                continue;
            }
            if (!isReadable(line)) {
                continue;
            }
            for (Map<String, String> challenge : has(Flaw.CUTS_AT_COMMAS) ? cut(line) : scanned(line)) {
                if (has(Flaw.ONE_BAD_SPOILS_ALL) && (challenge.containsKey("") || !challenge.containsKey("id"))) {
                    return List.of();
                }
                if (!challenge.containsKey("")
                        && (!has(Flaw.CHOKES_ON_PARAMETERS) || KNOWN.containsAll(challenge.keySet()))) {
                    found.add(challenge);
                }
            }
        }
        return List.copyOf(found);
    }

    private boolean isReadable(String line) {
        String bare = QUOTED.matcher(line).replaceAll("Q");
        return !(has(Flaw.SMALL_BUFFER) && line.length() > 2048)
                && !(has(Flaw.NEEDS_CASED_SCHEME) && !bare.contains("Payment "))
                && !(has(Flaw.NEEDS_TIGHT_EQUALS) && (bare.contains(" =") || bare.contains("= ")))
                && !(has(Flaw.NEEDS_QUOTES) && bare.matches(".*=\\s*[^Q\\s,].*"))
                && !(has(Flaw.NEEDS_LOWER_CASE)
                        && Pattern.compile("[A-Z]\\s*=Q").matcher(bare).find());
    }

    /** By a reader of the grammar. A challenge that is spoiled has the empty name among its parameters. */
    private List<Map<String, String>> scanned(String line) {
        String text = has(Flaw.KNOWS_NO_PAIRS) ? line.replace("\\", "\\\\") : line;
        if (has(Flaw.TAKES_ANY_SIZE)) {
            text = text.replaceAll("x{1000,}+", "x");
        }
        if (has(Flaw.TAKES_CONTROLS)) {
            text = text.replaceAll("[\\x01-\\x08\\x0b-\\x1f\\x7f]", "?");
        }
        List<Map<String, String>> found = new ArrayList<>();
        for (Scanned scanned : AuthScanner.scan(text, "WWW-Authenticate")) {
            if (scanned.scheme().equals("payment") || scanned.scheme().isEmpty()) {
                Map<String, String> params = new LinkedHashMap<>(scanned.params());
                boolean twice = scanned.fault() != null
                        && scanned.fault().fault() == org.farthing.protocol.MalformedException.Fault.DUPLICATE;
                if (scanned.fault() != null && !(twice && has(Flaw.TAKES_DUPLICATES))) {
                    params.put("", "spoiled");
                }
                found.add(params);
            }
        }
        return found;
    }

    /** By a reader that knows commas and equals signs. */
    private static List<Map<String, String>> cut(String line) {
        Map<String, String> params = new LinkedHashMap<>();
        for (String part : line.replaceFirst("(?i)^payment ", "").split(",", -1)) {
            Matcher parameter = PARAMETER.matcher(part.strip());
            if (parameter.matches()) {
                params.putIfAbsent(parameter.group(1).toLowerCase(Locale.ROOT), parameter.group(2));
            } else {
                params.put("", "spoiled");
            }
        }
        return List.of(params);
    }
}
