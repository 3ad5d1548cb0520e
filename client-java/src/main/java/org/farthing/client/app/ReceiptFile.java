package org.farthing.client.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.farthing.client.files.OwnerOnly;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;

/**
 * A receipt in a file: the JSON object itself, or the text of the header field it came in. One that is to be written has its
 * place tried before anything is paid.
 */
final class ReceiptFile implements AutoCloseable {

    private static final int MOST_BYTES = StrictJson.Limits.BODY.bytes();

    private final Path file;
    private final Path part;

    private ReceiptFile(Path file, Path part) {
        this.file = file;
        this.part = part;
    }

    /** Makes sure that a receipt can be kept here, for its owner alone: it says what was bought. */
    static ReceiptFile prepare(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || directory == null) {
            throw new IOException(file + " is a folder; name a file for the receipt");
        }
        Path part = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        OwnerOnly.create(part, new byte[0]);
        return new ReceiptFile(file, part);
    }

    /** Keeps the receipt. */
    void keep(PaymentReceipt receipt) throws IOException {
        Files.writeString(part, CanonicalJson.write(receipt.members()) + "\n", StandardCharsets.UTF_8);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Leaves nothing behind where no receipt came. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(part);
    }

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
}
