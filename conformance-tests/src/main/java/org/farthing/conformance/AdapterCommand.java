package org.farthing.conformance;

import org.farthing.conformance.adapter.Adapter;
import picocli.CommandLine.Command;

/** The adapter as a command, for its help; runners come past the command line ({@link Main}). */
@Command(
        name = "adapter",
        description = {
            "Answers one question of a conformance runner: one JSON object on standard input, one on standard output.",
            "It answers and ends with 0 whatever the question is; what failed stands in the answer."
        },
        footerHeading = "%nQuestion:%n",
        footer = {
            "  {\"schema\":1,\"op\":OP,\"input\":{...}}",
            "%nOperations:%n  challenge.parse  credential.parse  receipt.parse  base64url.encode",
            "  challenge.format credential.format receipt.format base64url.decode",
            "  challenge.id     server.verify     http.payment_request",
            "%nExample:",
            "  echo '{\"schema\":1,\"op\":\"base64url.encode\",\"input\":{\"text\":\"hello\"}}' \\",
            "    | java -jar farthing-conformance.jar adapter"
        })
final class AdapterCommand implements Runnable {

    @Override
    public void run() {
        Adapter.answer(System.in, System.out, System.err);
    }
}
