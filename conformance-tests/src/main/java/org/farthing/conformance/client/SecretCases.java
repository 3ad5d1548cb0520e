package org.farthing.conformance.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.farthing.conformance.suite.Case;
import org.farthing.conformance.suite.Group;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;

/** Where credentials and receipts show, and where they must not. */
@Group("Secrets")
final class SecretCases {

    private static final String SECTION = "draft-httpauth-payment-01, Credential Handling; client.md, F-CL-55";

    private final ClientLab lab;

    SecretCases(ClientLab lab) {
        this.lab = lab;
    }

    @Case(
            id = "C18-nothing-printed",
            rows = {"C18", "T38", "F-CL-55"},
            section = SECTION,
            title = "Neither the credential nor the receipt shows in what the client prints",
            fix =
                    "Take Authorization, Payment-Authorization and Payment-Receipt out of logs, verbose output and error messages.")
    void nothingPrinted(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(trace, "a good offer", Script.shop(lab.offer()));
        Presented paid = visit.paid();
        String printed = visit.ran().output() + visit.ran().errors();
        List<String> secrets = new ArrayList<>(List.of(paid.token()));
        visit.seen().forEach(seen -> secrets.addAll(seen.reply().values("Payment-Receipt")));
        if (paid.payload().get("jws") instanceof String jws) {
            secrets.add(jws);
        }
        for (String secret : secrets) {
            NotAsExpected.unless(
                    secret.length() < 16 || !printed.contains(secret),
                    "no credential and no receipt in the output",
                    "a secret of " + secret.length() + " characters stands there");
        }
    }

    @Case(
            id = "C18-in-one-place",
            rows = {"C18", "T38", "T50", "F-CR-2"},
            section = "draft-httpauth-payment-01, Credential Handling; credential.md, F-CR-2",
            title = "The credential goes to the URL that asked for it, in its field and nowhere else",
            fix =
                    "Send the credential in its one field with the paid request only: not in the query, not in cookies, not along"
                            + " with requests for keys.")
    void inOnePlace(Trace trace) throws IOException, InterruptedException {
        Visit visit = lab.visit(trace, "a good offer", Script.shop(lab.offer()));
        Presented paid = visit.paid();
        String asked = visit.requests().get(0).url();
        for (Visit.Seen seen : visit.seen()) {
            Received request = seen.request();
            long places = request.text().split(java.util.regex.Pattern.quote(paid.token()), -1).length - 1L;
            NotAsExpected.unless(
                    places == request.credentialLines().size(),
                    "the credential in its field only",
                    "it stands elsewhere in " + request.method() + " " + request.origin() + request.path());
            NotAsExpected.unless(
                    places == 0 || request.url().equals(asked),
                    "the credential at " + asked + " only",
                    "it came to " + request.origin() + request.path() + " too");
        }
    }
}
