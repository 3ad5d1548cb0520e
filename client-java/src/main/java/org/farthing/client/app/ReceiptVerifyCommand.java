package org.farthing.client.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code farthing receipt verify FILE}. */
@Command(
        name = "verify",
        header = "Tell whether a receipt is genuine, and what it says.",
        description = {
            "",
            "Fetches the key document of the payee that the receipt names, over https, and checks the signature. A"
                    + " receipt proves a payment to anybody; it buys nothing.",
            ""
        },
        exitCodeListHeading = ExitCode.HEADING,
        exitCodeList = {
            "0:valid",
            "1:it could not be checked, for instance because the payee cannot be reached",
            ExitCode.TEXT_2,
            "7:not valid"
        },
        footer = {
            "",
            "Examples:",
            "  farthing receipt verify receipt.json",
            "  farthing receipt verify --keys keys-of-2026.json receipt.json"
        })
final class ReceiptVerifyCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(
            paramLabel = "FILE",
            description = "The receipt: JSON as --receipt wrote it, or the header field's text.")
    private @Nullable Path file;

    @Option(
            names = "--keys",
            paramLabel = "URL|FILE",
            description = "Take the payee's keys from this origin or file, which you vouch for.")
    private @Nullable String keys;

    @Option(
            names = "--received-at",
            paramLabel = "TIME",
            description = "Judge the key at the time you got the receipt, if you kept a record of that"
                    + " (2026-11-22T10:01:08Z). Without it, the key must still be in use now.")
    private @Nullable String receivedAt;

    @Option(
            names = "--loopback",
            description = "Allow a payee on this machine over plain http, for servers you are trying out.")
    private boolean loopback;

    ReceiptVerifyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandException {
        if (file == null) {
            throw CommandException.usage("name the file with the receipt");
        }
        Instant moment = moment();
        PaymentReceipt receipt = ReceiptFile.read(file);
        KeySource source = KeySource.find(receipt, keys, loopback, shell);
        try {
            ReceiptVerifier.verify(receipt, source.directory(), moment);
        } catch (SignatureRejectedException e) {
            shell.print("NOT VALID  " + e.getMessage());
            shell.print("keys from  " + source.from());
            return ExitCode.RECEIPT;
        }
        shell.print("valid      signed by the payee");
        describe(receipt, source.from());
        return ExitCode.SERVED;
    }

    private Instant moment() throws CommandException {
        try {
            return receivedAt == null ? shell.clock().instant() : Instant.parse(receivedAt);
        } catch (DateTimeParseException e) {
            throw CommandException.usage("--received-at takes a time such as 2026-11-22T10:01:08Z");
        }
    }

    private void describe(PaymentReceipt receipt, String from) {
        row("payee", receipt.recipient());
        row("paid", price(receipt));
        row("when", Optional.of(receipt.timestamp().toString()));
        row("reference", Optional.of(receipt.reference()));
        row("order", receipt.externalId());
        row("challenge", receipt.challengeId());
        row("key", kid(receipt));
        row("keys from", Optional.of(from));
    }

    private void row(String name, Optional<String> value) {
        value.ifPresent(text -> shell.print(String.format("%-10s %s", name, Printable.line(text))));
    }

    /** What was paid, as people write it, and as the wire counts it. */
    static Optional<String> price(PaymentReceipt receipt) {
        if (receipt.amount().isEmpty() || receipt.currency().isEmpty()) {
            return Optional.empty();
        }
        String wire = receipt.amount().get() + " " + receipt.currency().get();
        try {
            Money money = Money.of(
                    Amount.parse(receipt.amount().get(), "amount"),
                    CurrencyId.parse(receipt.currency().get(), "currency"));
            return Optional.of(money.format() + "  (" + wire + ")");
        } catch (MalformedException e) {
            return Optional.of(wire);
        }
    }

    private static Optional<String> kid(PaymentReceipt receipt) {
        try {
            return receipt.jws().isPresent()
                    ? Optional.of(DetachedJws.kid(receipt.jws().get()))
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
