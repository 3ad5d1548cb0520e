package org.farthing.conformance.server;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Profile;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReceiptToken;

/** Payment by the receipt token of a wallet service, and tokens for something else. */
@Group("Receipt tokens")
final class ReceiptTokenCases {

    private final Site site;

    ReceiptTokenCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "F-RT-1-receipt-token-pays",
            rows = {"F-RT-1", "F-RT-12", "F-RC-21"},
            section = "receipt-token.md, F-RT-1 and F-RT-12",
            profile = Profile.WALLET,
            title = "The receipt token of a wallet service pays",
            fix =
                    "Name the services whose tokens you take in methodDetails.providers, verify the token in payload.receipt with the key document of the service it is from, deliver, and send a receipt.")
    void pays(Trace trace) {
        Visit visit = site.visit(trace);
        ServicePayer payer = payer(visit);
        Page page = site.paid();
        Offer offer = offered(visit, payer, page)
                .orElseThrow(() -> new NotAsExpected(
                        "a challenge of method wallet whose methodDetails.providers name the wallet service of the config",
                        "none"));
        RawAnswer answer = visit.present("the receipt token", page, token(payer, offer));
        NotAsExpected.unless(answer.isSuccess(), "2xx for a receipt token", answer.brief() + Expect.problemOf(answer));
        EvidenceCases.receipt(visit, page, offer, answer);
    }

    @Case(
            id = "F-RT-15-token-pays-one-challenge",
            rows = {"F-RT-15", "F-RT-3"},
            section = "receipt-token.md, F-RT-15",
            profile = Profile.WALLET,
            title = "A receipt token for one challenge does not pay another",
            fix =
                    "Compare cid of the token with the challenge's id, and ch with the hash you compute over the challenge yourself.")
    void otherChallenge(Trace trace) {
        Visit visit = site.visit(trace);
        ServicePayer payer = taken(visit);
        Page page = site.paid();
        Presented first = token(payer, offer(visit, payer, page));
        Presented moved = first.with("challenge", offer(visit, payer, page).echo());
        notVerified(visit.present("the receipt token of another challenge", page, moved), moved);
    }

    @Case(
            id = "F-RT-6-token-pays-one-page",
            rows = {"F-RT-6", "T4"},
            section = "receipt-token.md, F-RT-6",
            profile = Profile.WALLET,
            title = "A receipt token for one page does not pay another of the same price",
            fix =
                    "Bind each challenge to its request (opaque.rb), and refuse it at any other before you look at the token.")
    void otherPage(Trace trace) {
        Page twin = site.need(PageName.TWIN);
        Visit visit = site.visit(trace);
        ServicePayer payer = taken(visit);
        Presented paid = token(payer, offer(visit, payer, site.paid()));
        var unused =
                Expect.refusedAfresh(visit.present("the receipt token of another page", twin, paid), paid.echoed("id"));
    }

    @Case(
            id = "F-RT-11-forged-token",
            rows = {"F-RT-11", "T22"},
            section = "receipt-token.md, F-RT-11",
            profile = Profile.WALLET,
            title = "A receipt token the service did not sign pays nothing",
            fix =
                    "Take the key from the configured service's key document, select it by kid, and verify the signature of every token with it.")
    void forged(Trace trace) {
        Visit visit = site.visit(trace);
        ServicePayer payer = taken(visit);
        Page page = site.paid();
        Offer offer = offer(visit, payer, page);
        Proof real = site.pay(offer, payer);
        Presented forged = Presented.of(offer, new Proof(signedByAThief(real).toPayload(), null));
        notVerified(visit.present("the same claims, signed by another key", page, forged), forged);
    }

    /** Who pays through the service. */
    private ServicePayer payer(Visit visit) {
        Origin service = site.walletService()
                .orElseThrow(() -> new NotApplicable(
                        "the config names no wallet service: put \"walletService\", the origin of one whose receipt tokens the"
                                + " server takes, into the config, and --wallet KEY of a wallet with money there"));
        if (site.payer() instanceof WalletPayer wallet) {
            return new ServicePayer(visit, wallet, service);
        }
        throw new NotApplicable("needs the key of a wallet with money at " + service + ": give --wallet KEY");
    }

    /** The same where a right token pays: otherwise that a wrong one is refused says nothing. */
    private ServicePayer taken(Visit visit) {
        ServicePayer payer = payer(visit);
        Page page = site.paid();
        RawAnswer answer = visit.present("a right receipt token", page, token(payer, offer(visit, payer, page)));
        if (!answer.isSuccess()) {
            throw new NotApplicable("needs a receipt token that is taken, and a right one is not: " + answer.brief()
                    + Expect.problemOf(answer) + " (F-RT-1-receipt-token-pays)");
        }
        return payer;
    }

    private static Offer offer(Visit visit, ServicePayer payer, Page page) {
        return offered(visit, payer, page)
                .orElseThrow(
                        () -> new NotApplicable("needs a challenge that names the wallet service of the config, and \""
                                + page.name().word() + "\" gives none (F-RT-1-receipt-token-pays)"));
    }

    private static Optional<Offer> offered(Visit visit, ServicePayer payer, Page page) {
        RawAnswer answer = visit.unpaid(page);
        return answer.status() == 402
                ? Offer.in(answer).stream().filter(payer::pays).findFirst()
                : Optional.empty();
    }

    private Presented token(ServicePayer payer, Offer offer) {
        return Presented.of(offer, site.pay(offer, payer));
    }

    private static ReceiptToken signedByAThief(Proof proof) {
        try {
            ReceiptToken real =
                    ReceiptToken.parse(String.valueOf(proof.payload().get("receipt")));
            SigningKey thief = SigningKey.generate(Algorithm.ED25519, real.kid(), new SecureRandom())
                    .withRoles(Set.of(Role.RECEIPT_TOKEN));
            return ReceiptToken.issue(thief, real.claims());
        } catch (MalformedException e) {
            throw new IllegalStateException("the token was read before", e);
        }
    }

    private static void notVerified(RawAnswer answer, Presented credential) {
        var unused = Expect.refusedAfresh(answer, credential.echoed("id"));
        String code =
                Expect.json(answer).map(body -> body.path("code").asText("")).orElse("");
        NotAsExpected.unless(
                code.equals("VERIFICATION_FAILED"),
                "a problem whose code is VERIFICATION_FAILED",
                "code " + (code.isEmpty() ? "(none)" : code));
    }
}
