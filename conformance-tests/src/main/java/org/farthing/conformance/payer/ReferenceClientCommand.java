package org.farthing.conformance.payer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.farthing.conformance.http.Trust;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reference-client URL}: one paid request to a server under test (conformance.md, F-CO-70 to F-CO-72). */
@Command(
        name = "reference-client",
        description = {
            "Sends one request to your server, pays if it is asked to and may, and tells every step.",
            "",
            "It is Farthing's own paying client, with all its checks: what it refuses, it says why. The steps go to"
                    + " standard error, one object in JSON with all that happened to standard output. Without --wallet or"
                    + " --max it reads the offers and pays nothing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the answer is a 2xx", "1:it is not, or none came", "2:the command was called wrongly"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  Look at the offers:",
            "    farthing-conformance reference-client http://127.0.0.1:8404/paid",
            "  Pay, and send the same bytes twice more:",
            "    farthing-conformance reference-client http://127.0.0.1:8404/paid --wallet alice.jwk --max 0.05usd --again 2",
            "  Pay with blind tokens that the server's own mint sells:",
            "    farthing-conformance reference-client URL --wallet alice.jwk \\",
            "        --max 0.05usd --tokens 0.015usd",
            "  An upload that may be repeated:",
            "    farthing-conformance reference-client URL --wallet alice.jwk --max 0.05usd --data @order.json \\",
            "        --header 'Content-Type: application/json' --header 'Idempotency-Key: 7'"
        })
public final class ReferenceClientCommand implements Callable<Integer> {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "What to ask for. Plain http on a loopback address only.")
    private URI url = URI.create("http://127.0.0.1/");

    @Option(names = "--wallet", paramLabel = "KEY", description = "File with the wallet's private key, a JWK.")
    private @Nullable Path wallet;

    @Option(
            names = "--max",
            paramLabel = "AMOUNT",
            description = "The most to pay, such as 0.05usd. Again for another currency; the first is liked best.")
    private List<String> most = new ArrayList<>();

    @Option(
            names = "--tokens",
            paramLabel = "AMOUNT",
            description =
                    "Buy a bundle of blind tokens for so much first, with the wallet, and pay with them alone. What is"
                            + " left of them is gone when the run ends.")
    private @Nullable String tokens;

    @Option(
            names = "--issuer",
            paramLabel = "ORIGIN",
            description = "Who sells the tokens. Default: the server itself.")
    private @Nullable String issuer;

    @Option(names = "--method", paramLabel = "METHOD", description = "Default: GET, or POST with --data.")
    private @Nullable String method;

    @Option(names = "--header", paramLabel = "'NAME: VALUE'", description = "A field to send. May be given again.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--data", paramLabel = "TEXT", description = "A body to send, or @FILE.")
    private @Nullable String data;

    @Option(names = "--unsigned", description = "Pay an offer that nobody signed, too.")
    private boolean unsigned;

    @Option(
            names = "--replace-authorization",
            description = "Let the credential take the place of an Authorization given with --header.")
    private boolean replacesAuthorization;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to ask again while the outcome is not known (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--again",
            paramLabel = "N",
            defaultValue = "0",
            description = "After the payment, send the very same request N times more.")
    private int again;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Certificates in PEM to trust in place of the machine's.")
    private @Nullable Path trust;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not print the steps.")
    private boolean quiet;

    /** Made by picocli, which fills in the options before it calls the command. */
    ReferenceClientCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        // What happens is told step by step; the client's own log speaks up only if something is wrong.
        System.setProperty("farthing.log.level", System.getProperty("farthing.log.level", "ERROR"));
        PrintWriter err = spec.commandLine().getErr();
        Consumer<String> lines = quiet
                ? line -> {}
                : line -> {
                    err.println(line);
                    err.flush();
                };
        Steps steps = new Steps(lines);
        try {
            Errand errand = errand();
            Errand.Ended ended = errand.run(steps);
            lines.accept("ended     " + Account.words(ended.paid().outcome()));
            print(Account.of(errand, steps, ended));
            HttpResponse<byte[]> answer = ended.paid().answer();
            return answer != null && answer.statusCode() / 100 == 2 ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            err.println("No answer came: " + e.getClass().getSimpleName() + ": " + e.getMessage());
            return 1;
        }
    }

    private void print(Map<String, @Nullable Object> account) throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(JSON.writeValueAsString(account));
        out.flush();
    }

    private Errand errand() throws IOException {
        return new Errand(
                url,
                method != null ? method : data == null ? "GET" : "POST",
                headers,
                body(),
                key(),
                tokens(),
                most,
                unsigned,
                replacesAuthorization,
                Duration.ofSeconds(patience),
                again,
                Trust.of(trust));
    }

    private BodyPublisher body() throws IOException {
        if (data == null) {
            return BodyPublishers.noBody();
        }
        return data.startsWith("@")
                ? BodyPublishers.ofByteArray(Files.readAllBytes(Path.of(data.substring(1))))
                : BodyPublishers.ofString(data);
    }

    private @Nullable TokenErrand tokens() {
        if (tokens == null) {
            if (issuer != null) {
                throw new IllegalArgumentException("--issuer goes with --tokens");
            }
            return null;
        }
        if (wallet == null) {
            throw new IllegalArgumentException("--tokens needs --wallet, which pays for them");
        }
        try {
            Origin from = issuer == null ? Origin.of(url) : Origin.parse(issuer, "--issuer");
            return new TokenErrand(tokens, from);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("--issuer is an origin such as https://issuer.example", e);
        }
    }

    private @Nullable SigningKey key() {
        if (wallet == null) {
            return null;
        }
        try {
            return SigningKey.fromJwk(Files.readString(wallet));
        } catch (IOException e) {
            throw new IllegalArgumentException("the key file " + wallet + " cannot be read", e);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(wallet + " is no private key as a JWK: " + e.getMessage(), e);
        }
    }
}
