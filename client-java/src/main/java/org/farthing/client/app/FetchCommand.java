package org.farthing.client.app;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentListener;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.Proposal;
import org.farthing.client.http.CredentialFields;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.trust.TrustChange;
import org.farthing.client.trust.TrustMode;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code get} and {@code post} have in common: ask, pay if it must be and may be, put the content where it belongs. */
abstract class FetchCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "URL", description = "What to ask for.")
    private String url = "";

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Option(
            names = "--dry-run",
            description =
                    "Show price, payee and what your limits would say; pay nothing. (The request itself is sent.)")
    private boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the content to this file instead of standard output. It appears when it is whole.")
    private @Nullable Path output;

    @Option(names = "--receipt", paramLabel = "FILE", description = "Keep the payee's receipt in this file.")
    private @Nullable Path receipt;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            description = "Send a header field of your own. May be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--loopback",
            description =
                    "Pay a server on this machine over plain http (127.0.0.1), for trying things out. It gets a key,"
                            + " a wallet and budgets of its own.")
    private boolean loopback;

    @Option(
            names = "--via-wallet",
            description =
                    "Pay through a wallet service of your purse, and no other way. Without it, the wallet that you"
                            + " opened at the payee comes first, then your wallet services.")
    private boolean viaWallet;

    @Option(
            names = "--tokens",
            description =
                    "Pay with tokens and no other way, so that nobody learns who pays. Without it, tokens that you have"
                            + " for the server come first, then your wallets.")
    private boolean tokensOnly;

    @Option(
            names = "--trust-new-keys",
            description = "Pay although the server's payee or keys are not those it had when you first paid it.")
    private boolean trustNewKeys;

    @Option(
            names = "--replace-authorization",
            description =
                    "Where the server takes payments in the Authorization field only, send the payment there instead of your"
                            + " own, on the paid request alone.")
    private boolean replaceAuthorization;

    @Option(
            names = "--trusted-only",
            description = "Pay only a server that you paid before, or added: farthing trust list.")
    private boolean trustedOnly;

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell every step of the payment. Secrets are not shown.")
    private boolean verbose;

    private @Nullable JournalEntry underWay;

    FetchCommand(Shell shell) {
        this.shell = shell;
    }

    /** Adds method and body. */
    abstract HttpRequest.Builder complete(HttpRequest.Builder request) throws IOException, CommandException;

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        limits.requirePossible(shell);
        if (tokensOnly && viaWallet) {
            throw CommandException.usage("--tokens and --via-wallet are two ways to pay; say one");
        }
        HttpRequest request = request();
        Origin origin = OriginConverter.of(request.uri());
        if (dryRun || !limits.isGiven() || !Payments.hasPurse(shell)) {
            try (Payments payments = Payments.toLook(shell)) {
                return look(payments, request, origin);
            }
        }
        try (Payments payments = Payments.open(shell)) {
            return pay(payments, request, origin);
        }
    }

    private HttpRequest request() throws IOException, CommandException {
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(new URI(url));
            for (String header : headers) {
                int colon = header.indexOf(':');
                if (colon < 1) {
                    throw CommandException.usage("-H takes a name, a colon and a value, such as 'Accept: text/plain'");
                }
                addHeader(
                        builder,
                        header.substring(0, colon).strip(),
                        header.substring(colon + 1).strip());
            }
            return complete(builder).build();
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw CommandException.usage("that is no request that can be sent: check the URL and the header fields");
        }
    }

    private static void addHeader(HttpRequest.Builder builder, String name, String value) throws CommandException {
        if (CredentialFields.isCredential(name, value)) {
            throw CommandException.usage("payments are made here, not brought along: leave out " + name);
        }
        builder.header(name, value);
    }

    private int look(Payments payments, HttpRequest request, Origin origin)
            throws IOException, InterruptedException, CommandException {
        Quote quote = new Quote(shell, payments, limits, builder -> asSaid(payments, builder));
        if (dryRun) {
            Delivery nowhere = new Delivery(new NoOutlet(), new Progress(shell));
            return quote.print(quote.ask(request, origin, nowhere));
        }
        try (Outlet outlet = outlet();
                ReceiptFile kept = receiptFile()) {
            Delivery delivery = new Delivery(outlet, new Progress(shell));
            Quote.Found found = quote.ask(request, origin, delivery);
            if (found.isFree() || found.declined() != null) {
                return new Ending(shell, kept).tell(found.answer());
            }
            Proposal proposal = found.proposal();
            if (proposal != null) {
                explain(proposal);
            }
            return ExitCode.DECLINED;
        }
    }

    private void explain(Proposal proposal) {
        String price = proposal.money().format();
        shell.say("farthing: this costs " + price + ", and the payee is " + Shown.payee(proposal));
        shell.say("  Nothing was paid.");
        if (!limits.isGiven()) {
            shell.say("  To buy it, say what it may cost:  --max " + Shown.option(proposal.money())
                    + "   (or --budget, a limit for everything)");
        }
        if (!Payments.hasPurse(shell)) {
            shell.say("  And make a wallet first:  farthing wallet new --at " + proposal.recipient()
                    + (loopback ? " --loopback" : ""));
        }
    }

    private int pay(Payments payments, HttpRequest request, Origin origin)
            throws IOException, InterruptedException, CommandException {
        Handshake handshake = new Handshake(shell);
        PaymentListener listener = event -> {
            if (event instanceof PaymentEvent.Sending sending) {
                underWay = sending.payment();
            }
            if (verbose) {
                handshake.on(event);
            }
        };
        PayingClient client = asSaid(payments, payments.client(limits.policy(origin, shell), payments.journal()))
                .listener(listener)
                .onTrustChange(this::trusts)
                .build();
        if (verbose) {
            handshake.say("> " + Printable.line(request.method() + " " + request.uri()));
        }
        try (Outlet outlet = outlet();
                ReceiptFile kept = receiptFile()) {
            Ending ending = new Ending(shell, kept);
            Delivery delivery = new Delivery(outlet, new Progress(shell));
            PaidResponse<byte[]> done = client.send(request, delivery);
            if (delivery.failure() != null && underWay != null) {
                return ending.unknown(underWay, "the content could not be written: " + Sentence.of(delivery.failure()));
            }
            return ending.tell(done);
        }
    }

    /** What the options say about every payment, also one that is only looked at. */
    private PayingClient.Builder asSaid(Payments payments, PayingClient.Builder builder) throws IOException {
        PayingClient.Builder said = viaWallet ? builder.viaWalletServices() : withTokens(payments, builder);
        said = trustedOnly ? said.trustMode(TrustMode.LISTED_ONLY) : said;
        said = replaceAuthorization ? said.replaceAuthorization() : said;
        return loopback ? said.loopbackProfile() : said;
    }

    private PayingClient.Builder withTokens(Payments payments, PayingClient.Builder builder) throws IOException {
        if (!tokensOnly && !OwnTokens.areThere(payments)) {
            return builder;
        }
        PaymentMethod tokens =
                OwnTokens.open(shell, payments, LimitOptions.nobody(), loopback).method();
        return tokensOnly ? builder.methods(List.of(tokens)) : builder.preferMethod(tokens);
    }

    private boolean trusts(TrustChange change) {
        if (trustNewKeys) {
            shell.say("farthing: " + Printable.line(change.words()) + "; you said to pay it all the same");
        }
        return trustNewKeys;
    }

    private Outlet outlet() throws IOException {
        return output == null ? new StreamOutlet(shell.out()) : new FileOutlet(output);
    }

    private @Nullable ReceiptFile receiptFile() throws IOException {
        return receipt == null ? null : ReceiptFile.prepare(receipt);
    }
}
