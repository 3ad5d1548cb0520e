package org.farthing.server.jetty;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.gate.PaymentGate;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether challenges and credentials fit into header sections, before the first request finds out (S35, S36; specification:
 * server.md, F-SV-42 and F-SV-80 to F-SV-82).
 */
final class HeaderBudget {

    private static final Logger LOG = LoggerFactory.getLogger(PaymentHandler.class);

    /** What a credential may need (S36). */
    static final int CREDENTIALS = 16 * 1024;

    /** Less, and not every credential for a challenge of this server can come. */
    static final int LEAST_CREDENTIALS = 8 * 1024;

    /** What clients read of one challenge (F-EN-34). */
    static final int CHALLENGE = 8 * 1024;

    /** The rest of a 402's head: status line, the other fields of the paywall, and some of the host. */
    static final int REST = 2 * 1024;

    private static final String NAME = "WWW-Authenticate: ";
    private static final String END = "\r\n";

    /** The rest of a paid request's head: its line and the other fields. */
    static final int REST_OF_REQUEST = 1024;

    /** What is assumed of a challenge before there is one to look at. */
    static final int USUAL_CHALLENGE = 2 * 1024;

    private final List<Connector> connectors;
    private final Map<String, Integer> payloads = new HashMap<>();

    HeaderBudget(List<Connector> connectors, List<PaymentMethod> methods) {
        this.connectors = connectors;
        methods.forEach(method -> payloads.merge(method.id().text(), method.largestPayload(), Math::max));
    }

    /**
     * Checks every route at every origin.
     *
     * @throws IllegalStateException if a challenge or a 402 is too large; the message says what to change
     */
    void check(PaymentGate gate, PriceList prices, List<Origin> origins) {
        for (Connector connector : connectors) {
            checkRequests(connector);
        }
        // Also of a method that offers nothing yet, because what it needs has still to be fetched.
        payloads.keySet().forEach(method -> checkCredentials("any route", method, USUAL_CHALLENGE));
        for (Route route : prices.routes()) {
            for (Origin origin : origins) {
                check(gate, route, origin);
            }
        }
    }

    private void check(PaymentGate gate, Route route, Origin origin) {
        List<Challenge> challenges;
        List<String> others;
        try {
            others = gate.largestOthers(route, origin);
            challenges = gate.largestChallenges(route, origin);
        } catch (UnpriceableException | RuntimeException e) {
            // A payment method of the host's that wants a real request: what does not work is shown by the first one.
            LOG.warn("The size of challenges of {} is not known before the first request", route, e);
            return;
        }
        int all = REST;
        for (String other : others) {
            all += NAME.length() + other.length() + END.length();
        }
        for (Challenge challenge : challenges) {
            int size = challenge.format().length();
            require(
                    size <= CHALLENGE,
                    "A challenge of " + route + " has " + size + " bytes, and clients need not read more than "
                            + CHALLENGE + ": shorten its description.");
            all += NAME.length() + size + END.length();
            checkCredentials(route.toString(), challenge.method(), size);
        }
        for (Connector connector : connectors) {
            checkResponses(connector, route, all);
        }
    }

    /** Challenge and payload travel back in one field, as base64url. */
    private void checkCredentials(String what, String method, int size) {
        int payload = payloads.getOrDefault(method, 0);
        int needed = (size + payload + 2) / 3 * 4 + REST_OF_REQUEST;
        for (Connector connector : connectors) {
            for (HttpConfiguration http : configurations(connector)) {
                require(
                        payload == 0 || needed <= http.getRequestHeaderSize(),
                        "A payment for " + what + " by " + method + " needs up to " + needed
                                + " bytes of request header, and " + name(connector) + " takes "
                                + http.getRequestHeaderSize() + ": set HttpConfiguration.requestHeaderSize to " + needed
                                + " or more, or let a payment have less in it.");
            }
        }
    }

    private static void checkResponses(Connector connector, Route route, int needed) {
        for (HttpConfiguration http : configurations(connector)) {
            int room = Math.max(http.getResponseHeaderSize(), http.getMaxResponseHeaderSize());
            require(
                    needed <= room,
                    "A 402 of " + route + " needs " + needed + " bytes of response header, and " + name(connector)
                            + " sends " + room + ": set HttpConfiguration.maxResponseHeaderSize to " + needed
                            + " or more, or take offers or payment methods away.");
        }
    }

    private static void checkRequests(Connector connector) {
        for (HttpConfiguration http : configurations(connector)) {
            int room = http.getRequestHeaderSize();
            require(
                    room >= LEAST_CREDENTIALS,
                    name(connector) + " takes " + room + " bytes of request header, and a credential needs up to "
                            + LEAST_CREDENTIALS + ", large ones " + CREDENTIALS
                            + ": raise HttpConfiguration.requestHeaderSize.");
            if (room < CREDENTIALS) {
                LOG.warn(
                        "{} takes {} bytes of request header, large credentials need {}: raise "
                                + "HttpConfiguration.requestHeaderSize.",
                        name(connector),
                        room,
                        CREDENTIALS);
            }
        }
    }

    /** One for each protocol, mostly the same one. */
    private static List<HttpConfiguration> configurations(Connector connector) {
        return connector.getConnectionFactories().stream()
                .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                .map(factory -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration())
                .distinct()
                .toList();
    }

    private static String name(Connector connector) {
        return connector.getClass().getSimpleName() + connector.getProtocols();
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalStateException(sentence);
        }
    }
}
