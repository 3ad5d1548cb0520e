package org.farthing.server.jetty;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.PricedOffer;
import org.farthing.server.offer.Route;

/** What makes a start unsafe: each check refuses with one sentence that says what to do (specification: server.md, F-SV-50). */
final class StartChecks {

    /** What receipts of wallet services pay by. */
    private static final String WALLET = "wallet";

    private static final String TOKEN = "token";

    private final List<Origin> origins;
    private final boolean loopbackProfile;
    private final boolean tlsProxy;

    StartChecks(List<Origin> origins, boolean loopbackProfile, boolean tlsProxy) {
        this.origins = origins;
        this.loopbackProfile = loopbackProfile;
        this.tlsProxy = tlsProxy;
    }

    /** Keys and origins; connectors may not be there yet. */
    void checkConfiguration(SigningKey key) {
        require(!origins.isEmpty(), "Configure the public origin, for example https://api.example.com.");
        for (Origin origin : origins) {
            checkOrigin(origin);
        }
        VerificationKey shown = key.publicKey();
        require(
                !shown.roles().contains(Role.RECEIPT_TOKEN),
                "The signing key " + shown.kid()
                        + " has the role receipt-token, which belongs to wallet services: use a "
                        + "key of its own for challenges and receipts.");
        require(
                shown.roles().containsAll(List.of(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE)),
                "The signing key " + shown.kid() + " needs the roles challenge, receipt and release.");
        require(
                loopbackProfile || !shown.isPublished(),
                "The signing key " + shown.kid()
                        + " is published in a specification, so anybody can sign with it: make a "
                        + "key of your own.");
    }

    private void checkOrigin(Origin origin) {
        require(
                origin.isHttps() || origin.isLoopback(),
                "The public origin " + origin + " is plain http and not a loopback address: use https.");
        require(
                origin.isHttps() || loopbackProfile,
                "The public origin " + origin + " is plain http: use https, or switch the loopback profile on for "
                        + "development.");
    }

    /** What a payee must not take tokens of (F-TK-102, F-TK-109). */
    void checkIssuer(RemoteTokens tokens, boolean another, PriceList prices) {
        Origin issuer = tokens.issuer();
        require(!another, "Tokens of one issuer are accepted, and two are named: " + issuer + " is the second.");
        require(
                issuer.isHttps() || (loopbackProfile && origins.stream().allMatch(Origin::isLoopback)),
                "The issuer of tokens " + issuer
                        + " is plain http: use https. Plain http is for issuers on this machine, of a "
                        + "payee that develops on this machine.");
        require(
                !origins.contains(issuer),
                "The issuer of tokens " + issuer
                        + " is this server's own origin: accept the tokens of its own mint, whose "
                        + "books are in the same ledger.");
        for (Route route : prices.routes()) {
            for (PricedOffer priced : route.offers()) {
                Offer offer = priced.offer();
                require(
                        !priced.hasFixedPrice()
                                || !offer.isFor(TOKEN)
                                || tokens.exposure().allows(offer.amount(), offer.currency()),
                        "The price of " + route + " is above what an issuer of tokens is trusted with, "
                                + tokens.exposure().limit(offer.currency()).format()
                                + ": no tokens for it could be accepted. Raise that limit.");
            }
        }
    }

    /** Which wallet services are trusted, and whether their trust is enough for the prices (F-WS-67). */
    void checkServices(AcceptedServices services, PriceList prices) {
        for (Origin service : services.origins()) {
            require(
                    service.isHttps() || (loopbackProfile && origins.stream().allMatch(Origin::isLoopback)),
                    "The wallet service " + service
                            + " is plain http: use https. Plain http is for services on this machine, "
                            + "of a payee that develops on this machine.");
            require(
                    !origins.contains(service),
                    "The wallet service " + service
                            + " is this server's own origin: orders against its own ledger need "
                            + "no wallet service.");
        }
        if (services.origins().isEmpty()) {
            return;
        }
        for (Route route : prices.routes()) {
            for (PricedOffer priced : route.offers()) {
                Offer offer = priced.offer();
                require(
                        !priced.hasFixedPrice()
                                || !offer.isFor(WALLET)
                                || services.exposure().allows(offer.amount(), offer.currency()),
                        "The price of " + route + " is above what a wallet service is trusted with, "
                                + services.exposure().limit(offer.currency()).format()
                                + ": no receipt for it could be accepted. Raise that limit.");
            }
        }
    }

    /** An offer nobody can pay would be left out of every 402 without a word (F-SV-28). */
    static void checkOffers(PriceList prices, Set<String> methods, Set<String> knowPayers) {
        for (Route route : prices.routes()) {
            for (PricedOffer priced : route.offers()) {
                Offer offer = priced.offer();
                require(
                        offer.methods().isEmpty() || methods.stream().anyMatch(offer::isFor),
                        "The offer of " + route + " in " + offer.currency().text() + " is for payment by "
                                + String.join(", ", new TreeSet<>(offer.methods()))
                                + ", which this server does not take. Add that method or change the offer.");
                require(
                        offer.pass() == null || knowPayers.stream().anyMatch(offer::isFor),
                        "The offer of " + route + " in " + offer.currency().text()
                                + " has a pass, and no payment method of this server can tell who paid for it. "
                                + "Take orders of wallets, or take the pass off.");
            }
        }
    }

    /** A price a method is meant for and can never take would be missing in every 402 without a word (F-TK-53). */
    static void checkPrices(PriceList prices, List<PaymentMethod> methods) {
        for (Route route : prices.routes()) {
            for (PricedOffer priced : route.offers()) {
                Offer offer = priced.offer();
                methods.stream()
                        .filter(method -> priced.hasFixedPrice()
                                && offer.isFor(method.id().text()))
                        .flatMap(method -> method.objection(offer).stream())
                        .findFirst()
                        .ifPresent(objection -> require(false, "The price of " + route + " " + objection));
            }
        }
    }

    /** What listens. */
    void checkConnectors(Server server) {
        boolean anySecure = false;
        for (Connector connector : server.getConnectors()) {
            anySecure |= isSecure(connector);
            TransportChecks.check(connector);
        }
        for (Connector connector : server.getConnectors()) {
            checkExposure(connector, anySecure);
        }
    }

    private void checkExposure(Connector connector, boolean anySecure) {
        if (isSecure(connector) || isLoopback(connector)) {
            return;
        }
        require(
                origins.stream().allMatch(Origin::isHttps),
                "A connector listens on all addresses with plain http while the loopback profile is on: set its host to "
                        + "127.0.0.1.");
        require(
                anySecure || tlsProxy,
                "Credentials would travel over plain http: add a TLS connector, set the connector's host to 127.0.0.1 if "
                        + "a TLS proxy on this machine is in front, or say that a TLS proxy elsewhere is.");
    }

    private static boolean isSecure(Connector connector) {
        return connector.getProtocols().stream().anyMatch(protocol -> protocol.equalsIgnoreCase("ssl"));
    }

    private static boolean isLoopback(Connector connector) {
        if (!(connector instanceof NetworkConnector network)) {
            return true;
        }
        String host = network.getHost();
        return host != null && (host.equals("localhost") || host.equals("::1") || host.startsWith("127."));
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalStateException(sentence);
        }
    }
}
