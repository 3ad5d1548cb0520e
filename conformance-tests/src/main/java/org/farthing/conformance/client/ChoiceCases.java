package org.farthing.conformance.client;

import java.io.IOException;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Severity;
import org.farthing.conformance.suite.Trace;

/** Several challenges, and the field the credential belongs in. */
@Group("Choice and field")
final class ChoiceCases {

    private static final String SEVERAL = "draft-httpauth-payment-01, Multiple Challenges; client.md, F-CL-12";
    private static final String FIELD = "draft-httpauth-payment-01, header parameter; challenge.md, F-CH-5";
    private static final String OTHER = "Payment-Authorization";

    private final ClientLab lab;

    ChoiceCases(ClientLab lab) {
        this.lab = lab;
    }

    @Case(
            id = "C17-one-credential",
            rows = {"C17", "F-CL-12", "F-CR-3"},
            section = SEVERAL,
            title = "Of two offers one is paid, with one credential in one line",
            fix = "Choose one challenge, write one credential, and set its field instead of adding a line to it.")
    void oneCredential(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(trace, "two good offers", Script.shop(lab.offer(), lab.offer()));
        Count.atMost(visit, 1, "one of the two offers is enough");
        for (Received request : visit.requests()) {
            int lines = request.credentialLines().size();
            NotAsExpected.unless(lines <= 1, "one line with a credential", lines + " lines came in one request");
        }
    }

    @Case(
            id = "C17-passes-over-unknown",
            rows = {"C17", "F-CL-12"},
            section = SEVERAL,
            severity = Severity.SHOULD,
            title = "An offer that can be paid is found behind offers that cannot",
            fix =
                    "Go through all challenges and take the first you can pay; an unknown method before it is no reason to stop.")
    void passesOverUnknown(Trace trace) throws IOException, InterruptedException {
        Offer unknown = lab.offer().parameter("method", "labcoin").unsigned();
        Offer intent = lab.offer().parameter("intent", "lab-intent");
        Presented paid = lab.visit(
                        trace,
                        "an unknown method, an unknown intent, a good offer",
                        Script.shop(unknown, intent, lab.offer()))
                .paidOnce();
        NotAsExpected.unless(
                lab.method().name().equals(paid.answered().parameter("method"))
                        && lab.method().intent().equals(paid.answered().parameter("intent")),
                "a credential for the third offer",
                "one for " + paid.answered().parameter("method") + "/"
                        + paid.answered().parameter("intent"));
    }

    @Case(
            id = "C21-other-field",
            rows = {"C21", "F-CH-5"},
            section = FIELD,
            title = "A challenge that names any other field than Payment-Authorization is not paid",
            fix =
                    "Treat a challenge with an unknown value of header as one you do not understand, and send nothing for it.")
    void otherField(Trace trace) throws IOException, InterruptedException {
        lab.visit(trace, "header=\"X-Wallet\"", Script.shop(lab.offer().parameter("header", "X-Wallet")))
                .notPaid("header=\"X-Wallet\" is no field for credentials");
    }

    @Case(
            id = "C21-selected-field",
            rows = {"C21", "F-CR-7", "F-CR-22", "F-CL-23"},
            section = "draft-httpauth-payment-01, header parameter; credential.md, F-CR-7",
            title = "The credential goes into the field that the challenge selects and nowhere else, and echoes header",
            fix =
                    "With header=\"Payment-Authorization\" send the credential in that field, leave Authorization alone, and echo"
                            + " header.")
    void selectedField(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(
                trace,
                "header=\"Payment-Authorization\"",
                Script.shop(lab.offer().parameter("header", OTHER)));
        for (Presented credential : visit.credentials()) {
            NotAsExpected.unless(
                    credential.field().equalsIgnoreCase(OTHER),
                    "the credential in " + OTHER,
                    "it came in " + credential.field());
        }
        Object echoed = visit.paidOnce().echo().get("header");
        NotAsExpected.unless(OTHER.equals(echoed), "header echoed as " + OTHER, "header is " + echoed + " in the echo");
    }

    @Case(
            id = "C21-no-field-named",
            rows = {"C21", "F-CR-7", "F-CR-22"},
            section = "draft-httpauth-payment-01, header parameter; credential.md, F-CR-22",
            title = "Without header the credential goes into Authorization, and no header is echoed",
            fix = "Echo header only if the challenge had it, and use Authorization otherwise.")
    void noFieldNamed(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(trace, "no header parameter", Script.shop(lab.offer()));
        Presented paid = visit.paidOnce();
        NotAsExpected.unless(
                paid.field().equalsIgnoreCase("Authorization"),
                "the credential in Authorization",
                "it came in " + paid.field());
        NotAsExpected.unless(
                !paid.echo().containsKey("header"),
                "no header in the echo",
                "header is " + paid.echo().get("header"));
    }
}
