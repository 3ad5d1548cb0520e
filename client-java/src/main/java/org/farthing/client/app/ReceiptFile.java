package org.farthing.client.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.farthing.client.files.OwnerOnly;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;

/** A receipt in a file: the JSON object itself, or the text of the header field it came in. */
final class ReceiptFile {

    private static final int MOST_BYTES = StrictJson.Limits.BODY.bytes();

    private ReceiptFile() {}

    static PaymentReceipt read(Path file) throws IOException, CommandException {
        if (Files.size(file) > MOST_BYTES) {
            throw CommandException.error(file + " is too long to be a receipt");
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
        try {
            return text.startsWith("{")
                    ? new PaymentReceipt(StrictJson.parseObject(text, "receipt", StrictJson.Limits.BODY))
                    : PaymentReceipt.parse(text);
        } catch (MalformedException | IllegalArgumentException e) {
            throw new CommandException(ExitCode.RECEIPT, file + " holds no receipt: " + e.getMessage());
        }
    }

    /** Keeps a receipt for its owner alone; it says what was bought. */
    static void write(Path file, PaymentReceipt receipt) throws IOException {
        byte[] text = (CanonicalJson.write(receipt.members()) + "\n").getBytes(StandardCharsets.UTF_8);
        OwnerOnly.replace(file.toAbsolutePath(), text);
    }
}
