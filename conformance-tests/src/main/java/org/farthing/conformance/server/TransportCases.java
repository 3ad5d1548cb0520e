package org.farthing.conformance.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import org.farthing.conformance.http.NoAnswer;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** TLS: what version, and nothing without it. */
@Group("Transport")
final class TransportCases {

    /** After the version: random, session, four cipher suites of old, no compression, two extensions. */
    private static final String HELLO_REST =
            "00".repeat(32) + "00" + "0008c013c014002f0035" + "0100" + "0010000a0006000400170018000b00020100";

    private static final int HANDSHAKE = 0x16;

    private final Site site;

    TransportCases(Site site) {
        this.site = site;
    }

    @Case(
            id = "S39-no-challenge-over-plain-http",
            rows = {"S39", "T13", "F-SV-40"},
            section = "draft-httpauth-payment-01, Transport Security; server.md, F-SV-40",
            title = "No challenge is issued over plain http",
            fix =
                    "Serve the paid pages over https only; over http close the port, redirect, or answer anything without a challenge.")
    void plain(Trace trace) {
        URI here = site.wire().origin();
        if (!site.wire().isSecure()) {
            if (isLoopback(here.getHost())) {
                throw new NotApplicable("the server is tried over http on loopback: give its https URL");
            }
            boolean challenged =
                    !Offer.in(site.visit(trace).unpaid(site.paid())).isEmpty();
            NotAsExpected.unless(!challenged, "no challenge over http", "a challenge at " + here);
            return;
        }
        int port = here.getPort() < 0 || here.getPort() == 443 ? 80 : here.getPort();
        URI plain = URI.create("http://" + here.getHost() + ":" + port);
        try {
            RawAnswer answer = site.wire()
                    .to(plain)
                    .send(trace, "over plain http", site.paid().request());
            NotAsExpected.unless(Offer.in(answer).isEmpty(), "no challenge over http", "a challenge at " + plain);
        } catch (NoAnswer closed) {
            // Nobody there: nothing is issued.
        }
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("[::1]") || host.equals("localhost");
    }

    private URI secure() {
        if (!site.wire().isSecure()) {
            throw new NotApplicable("the server is tried over http: give its https URL");
        }
        return site.wire().origin();
    }

    @Case(
            id = "S39-no-old-tls",
            rows = {"S39", "T13", "F-SV-40"},
            section = "draft-httpauth-payment-01, Transport Security",
            title = "TLS 1.1 and 1.0 are refused",
            fix = "Switch off every version of TLS before 1.2.")
    void oldTls(Trace trace) {
        URI here = secure();
        for (String version : List.of("0302", "0301")) {
            String name = version.equals("0302") ? "TLS 1.1" : "TLS 1.0";
            int first = answerToHello(here, version);
            trace.add(new Exchange("a handshake with " + name, "ClientHello, " + name, shown(first), null));
            NotAsExpected.unless(
                    first != HANDSHAKE, "an alert, or the end of the connection", name + " was accepted (ServerHello)");
        }
    }

    private static String shown(int first) {
        return first < 0 ? "the end of the connection" : first == HANDSHAKE ? "ServerHello" : "an alert";
    }

    /** The first byte of the answer, or -1. */
    private int answerToHello(URI here, String version) {
        String body = version + HELLO_REST;
        String handshake = "01" + length(body, 6) + body;
        byte[] record = HexFormat.of().parseHex("16" + "0301" + length(handshake, 4) + handshake);
        int millis = (int) site.wire().patience().toMillis();
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            here.getHost().replaceAll("^\\[|]$", ""), here.getPort() < 0 ? 443 : here.getPort()),
                    millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(record);
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return in.read();
        } catch (IOException e) {
            return -1;
        }
    }

    private static String length(String hex, int digits) {
        return ("0".repeat(digits) + Integer.toHexString(hex.length() / 2))
                .substring(Integer.toHexString(hex.length() / 2).length());
    }

    @Case(
            id = "T13-strict-transport-security",
            rows = {"T13", "F-SV-41"},
            section = "server.md, F-SV-41",
            severity = Severity.SHOULD,
            title = "Answers over https tell browsers never to come over http",
            fix = "Send Strict-Transport-Security with a max-age of some months.")
    void strict(Trace trace) {
        secure();
        RawAnswer answer = site.visit(trace).unpaid(site.paid());
        NotAsExpected.unless(
                answer.has("Strict-Transport-Security"), "Strict-Transport-Security", "no Strict-Transport-Security");
    }
}
