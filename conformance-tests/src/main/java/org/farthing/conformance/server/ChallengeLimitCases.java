package org.farthing.conformance.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** Names, sizes, letters and lifetimes of challenges. */
@Group("Challenge limits")
final class ChallengeLimitCases {

    private static final int LIMIT = 8 * 1024;
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final Site site;

    ChallengeLimitCases(Site site) {
        this.site = site;
    }

    private List<Offer> offers(Trace trace) {
        return Expect.challenged(site.visit(trace).unpaid(site.paid()));
    }

    @Case(
            id = "S34-parameter-names-are-lower-case",
            rows = {"S34", "F-CH-9"},
            section = "draft-httpauth-payment-01, Extensibility; challenge.md, F-CH-9",
            title = "Parameters of a server's own have lower-case names, each once, and none is called meta",
            fix =
                    "Name your own challenge parameters in lower case, send none twice, and do not call one \"meta\": widely used"
                            + " clients refuse the whole answer then.")
    void names(Trace trace) {
        for (Offer offer : offers(trace)) {
            List<String> names = offer.names();
            for (String name : names) {
                NotAsExpected.unless(
                        name.equals(name.toLowerCase(Locale.ROOT)) && !name.equals("meta"),
                        "lower-case names, and none that is \"meta\"",
                        "the parameter " + name);
            }
            NotAsExpected.unless(
                    names.stream().distinct().count() == names.size(), "every name once", String.join(", ", names));
        }
    }

    @Case(
            id = "S35-challenge-is-short",
            rows = {"S35", "F-EN-34"},
            section = "draft-httpauth-payment-01, Size Considerations",
            severity = Severity.SHOULD,
            title = "A challenge is shorter than 8 KB",
            fix =
                    "Keep request and opaque small: put long texts behind a link. Many servers and clients take no header section"
                            + " above 8 KB.")
    void size(Trace trace) {
        for (Offer offer : offers(trace)) {
            int size = offer.text().getBytes(StandardCharsets.UTF_8).length;
            NotAsExpected.unless(size < LIMIT, "less than " + LIMIT + " bytes", size + " bytes");
        }
    }

    @Case(
            id = "S37-realm-is-ascii",
            rows = {"S37", "F-CH-45"},
            section = "draft-httpauth-payment-01, Internationalization",
            severity = Severity.SHOULD,
            title = "The realm is ASCII",
            fix = "Use the host name as realm, or another text without letters beyond ASCII.")
    void realm(Trace trace) {
        for (Offer offer : offers(trace)) {
            String realm = offer.text("realm");
            NotAsExpected.unless(
                    realm.chars().allMatch(letter -> letter >= ' ' && letter <= '~'),
                    "a realm in ASCII",
                    "realm=\"" + realm + "\"");
        }
    }

    @Case(
            id = "S53-header-is-payment-authorization",
            rows = {"S53", "F-CH-5"},
            section = "draft-httpauth-payment-01, Credential Field Selection; challenge.md, F-CH-5",
            title = "A challenge selects no field but Payment-Authorization",
            fix = "Leave the parameter header out, or set it to exactly Payment-Authorization.")
    void header(Trace trace) {
        Visit visit = site.visit(trace);
        for (PageName name : List.of(PageName.PAID, PageName.OWN_AUTHORIZATION, PageName.SEVERAL)) {
            site.page(name).ifPresent(page -> {
                for (Offer offer : Expect.challenged(visit.unpaid(page))) {
                    NotAsExpected.unless(
                            offer.get("header")
                                    .map("Payment-Authorization"::equals)
                                    .orElse(true),
                            "header=\"Payment-Authorization\", or no header",
                            "header=\"" + offer.text("header") + "\"");
                }
            });
        }
    }

    @Case(
            id = "T16-challenge-lives-minutes",
            rows = {"T16", "S19", "F-CH-42"},
            section = "challenge.md, F-CH-42",
            profile = Profile.WALLET,
            title = "A challenge expires at most 10 minutes ahead",
            fix =
                    "Set expires to 5 minutes from now, and keep the server's clock right. A long-lived challenge can be hoarded and"
                            + " paid after the price went up.")
    void life(Trace trace) {
        RawAnswer answer = site.visit(trace).unpaid(site.paid());
        Instant now = site.now();
        for (Offer offer : Expect.challenged(answer)) {
            Instant expires = offer.expires()
                    .orElseThrow(() ->
                            new NotAsExpected("expires in RFC 3339", "expires=\"" + offer.text("expires") + "\""));
            NotAsExpected.unless(
                    expires.isAfter(now) && !expires.isAfter(now.plus(LIFE).plusSeconds(60)),
                    "expires within 10 minutes of " + now,
                    "expires=\"" + expires + "\"");
        }
    }
}
