package org.farthing.conformance.server;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.farthing.conformance.http.FieldLine;
import org.farthing.conformance.http.Trust;
import org.farthing.conformance.http.Wire;

/** The {@link Site} of a {@link TinyPayee}: all its pages, its wallet, its clock. */
final class TinySite {

    /** So that nothing hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TinySite() {}

    /** The site of a server. */
    static Site of(TinyPayee payee) throws IOException {
        return of(payee, Trust.of(null));
    }

    /** The site of a server over TLS. */
    static Site of(TinyPayee payee, SSLContext trust) {
        return new Site(
                pages(payee),
                new Wire(URI.create(payee.origin().text()), PATIENCE, trust),
                new WalletPayer(payee.walletKey(), null, null),
                waiting(payee.clock()),
                new WalletPayer(payee.otherWalletKey(), null, null),
                null,
                null,
                null);
    }

    /** Its pages as the suite knows them. */
    static Map<PageName, Page> pages(TinyPayee payee) {
        Map<PageName, Page> pages = new EnumMap<>(PageName.class);
        for (TinyPage page : TinyPage.values()) {
            PageName.of(page.word()).ifPresent(name -> pages.put(name, page(name, page, payee)));
        }
        URI other = URI.create(payee.otherOrigin().text() + TinyPage.PAID.path());
        pages.put(PageName.OTHER_REALM, Page.get(PageName.OTHER_REALM, other));
        return pages;
    }

    private static Page page(PageName name, TinyPage page, TinyPayee payee) {
        URI uri = URI.create(payee.origin().text() + page.path());
        if (page.takesBody()) {
            List<FieldLine> fields = List.of(new FieldLine("Content-Type", "application/json"));
            return new Page(name, uri, "POST", fields, "{\"n\":1}");
        }
        return page.ownsAuthorization()
                ? new Page(name, uri, "GET", List.of(new FieldLine("Authorization", "Bearer app")), null)
                : Page.get(name, uri);
    }

    private static Waiting waiting(TinyClock clock) {
        return new Waiting() {
            @Override
            public Instant now() {
                return clock.instant();
            }

            @Override
            public void until(Instant time) {
                clock.until(time);
            }
        };
    }
}
