package org.farthing.conformance.server;

import java.util.List;
import java.util.Map;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.RawRequest;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;

/** One case's way to talk to a site; everything said is taken down in its trace. */
public final class Visit {

    private final Site site;
    private final Trace trace;

    Visit(Site site, Trace trace) {
        this.site = site;
        this.trace = trace;
    }

    /**
     * A paid page.
     *
     * @param offer what was asked
     * @param credential what was presented
     * @param answer what came, 2xx
     */
    public record Bought(Offer offer, Presented credential, RawAnswer answer) {}

    /** The site. */
    public Site site() {
        return site;
    }

    /** Sends a request to a page's origin. */
    public RawAnswer send(String what, Page page, RawRequest request) {
        return site.wire(page).send(trace, what, request);
    }

    /** Sends requests to a page's origin at the same moment. */
    public List<RawAnswer> together(String what, Page page, List<RawRequest> requests) {
        return site.wire(page).together(trace, what, requests);
    }

    /** Sends a request to a page's origin and goes away after so many bytes of the answer. */
    public void hangUp(String what, Page page, RawRequest request, int after) {
        site.wire(page).hangUp(trace, what, request, after);
    }

    /** Asks for a page without a credential. What may run an application by itself comes before a counter is read. */
    public RawAnswer unpaid(Page page) {
        if (page.name() == PageName.COUNTER || page.name() == PageName.COUNTER_POST) {
            var unused = site.noSale();
        }
        return send("no credential", page, page.request());
    }

    /**
     * A fresh challenge of a page: the first one the payer can pay, else the first.
     *
     * @throws NotApplicable if the page does not answer 402 with a Payment challenge; S1-unpaid-is-402 fails for that, and one
     *     failure is enough for one fault
     */
    public Offer offer(Page page) {
        RawAnswer answer = unpaid(page);
        List<Offer> offers = answer.status() == 402 ? Offer.in(answer) : List.of();
        if (offers.isEmpty()) {
            throw new NotApplicable(
                    "needs a challenge, and \"" + page.name().word() + "\" gives none (S1-unpaid-is-402)");
        }
        return pick(offers);
    }

    /** Of several offers the first one the payer can pay, else the first. */
    public Offer pick(List<Offer> offers) {
        return offers.stream().filter(site.payer()::pays).findFirst().orElse(offers.get(0));
    }

    /**
     * Pays an offer.
     *
     * @return the credential, not presented yet
     * @throws NotApplicable if there is no way to pay it, or valid payments are refused; S5-paid-is-delivered fails for that
     */
    public Presented pay(Offer offer) {
        site.noSale().ifPresent(why -> {
            throw new NotApplicable("needs a payment, and a valid one fails: " + why + " (S5-paid-is-delivered)");
        });
        return payAnyhow(offer);
    }

    /** Pays an offer, also where no payment has worked before; a challenge that cannot be paid is a failure here. */
    Presented payAnyhow(Offer offer) {
        if (site.payer() != Payer.NONE && !site.payer().pays(offer)) {
            throw new NotApplicable("needs a payment, and " + site.payer() + " cannot pay method \"" + offer.method()
                    + "\", intent \"" + offer.intent() + "\"");
        }
        return Presented.of(offer, site.pay(offer));
    }

    /** A credential for an offer with a payload that no method takes, where nothing has to be paid. */
    public Presented unproven(Offer offer) {
        return Presented.of(offer, new Proof(Map.of("proof", "none"), null));
    }

    /** The request for a page with a credential. */
    public RawRequest request(Page page, Presented credential) {
        return page.request().without(credential.field()).with(credential.field(), credential.value());
    }

    /** Presents a credential at a page. */
    public RawAnswer present(String what, Page page, Presented credential) {
        return send(what, page, request(page, credential));
    }

    /** Presents a field value the kit made up; the report shows it as it is. */
    public RawAnswer presentOpen(String what, Page page, String value) {
        return send(what, page, page.request().without("Authorization").withOpen("Authorization", value));
    }

    /**
     * Asks for a page, pays, and gets it.
     *
     * @throws NotAsExpected if a valid payment is not answered 2xx
     */
    public Bought buy(Page page) {
        Offer offer = offer(page);
        // Only of the page that was tried is it known that it cannot be bought.
        Presented credential = page.name() == PageName.PAID ? pay(offer) : payAnyhow(offer);
        RawAnswer answer = present("the credential that pays", page, credential);
        NotAsExpected.unless(answer.isSuccess(), "2xx for a valid payment", answer.brief() + Expect.problemOf(answer));
        return new Bought(offer, credential, answer);
    }
}
