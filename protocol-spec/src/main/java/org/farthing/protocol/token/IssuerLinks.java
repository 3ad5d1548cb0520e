package org.farthing.protocol.token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Members;

/**
 * Where an issuer's routes are: absolute URLs of its own origin, because tokens are sent there (F-TK-22).
 *
 * @param request issues one token, RFC 9578's own route
 * @param purchase sells a bundle
 * @param swap changes tokens for others of the same value
 * @param restore signs again what was signed before
 * @param redemption takes tokens from payees
 * @param refund issues tokens for a token payment that was given back
 */
public record IssuerLinks(
        String request, String purchase, String swap, String restore, String redemption, String refund) {

    private static final String WHERE = "issuerDirectory";
    private static final List<String> NAMES =
            List.of("issuer-request-uri", "purchase-uri", "swap-uri", "restore-uri", "redemption-uri", "refund-uri");

    /**
     * The usual routes of an issuer.
     *
     * @param issuer its origin
     * @return the links
     */
    public static IssuerLinks at(Origin issuer) {
        String origin = issuer.text();
        return new IssuerLinks(
                origin + "/token-request",
                origin + "/token-purchase",
                origin + "/token-swap",
                origin + "/token-restore",
                origin + "/token-redemptions",
                origin + "/token-refund");
    }

    static IssuerLinks parse(Members members) throws MalformedException {
        List<String> links = new ArrayList<>();
        for (String name : NAMES) {
            links.add(members.text(name));
        }
        return new IssuerLinks(links.get(0), links.get(1), links.get(2), links.get(3), links.get(4), links.get(5));
    }

    Map<String, Object> toMap() {
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> links = all();
        for (int i = 0; i < links.size(); i++) {
            members.put(NAMES.get(i), links.get(i));
        }
        return members;
    }

    void requireAt(Origin issuer) throws MalformedException {
        List<String> links = all();
        for (int i = 0; i < links.size(); i++) {
            String link = links.get(i);
            boolean own = link.startsWith(issuer.text() + "/")
                    && link.length() <= 512
                    && link.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#' && c != '\\');
            if (!own) {
                throw new MalformedException(
                        Fault.VALUE, WHERE + "." + NAMES.get(i), "an absolute URL of the issuer's origin is needed");
            }
        }
    }

    private List<String> all() {
        return List.of(request, purchase, swap, restore, redemption, refund);
    }
}
