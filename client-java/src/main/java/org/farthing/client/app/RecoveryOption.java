package org.farthing.client.app;

import java.io.IOException;
import java.nio.file.Path;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.RecoveryKey;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file with a wallet's recovery key, for commands that need it or may need it. */
final class RecoveryOption {

    @Option(
            names = "--recovery-file",
            paramLabel = "FILE",
            description = "The file with the wallet's recovery key. It is read, and copied nowhere.")
    private @Nullable Path file;

    /** The key, if the file was named; it must be that of this wallet. */
    @Nullable
    SigningKey key(Purse purse, Origin origin) throws IOException, CommandException {
        if (file == null) {
            return null;
        }
        RecoveryKey recovery = open();
        if (!recovery.service().equals(origin) || !recovery.wallet().equals(purse.walletId(origin))) {
            throw CommandException.error(
                    "that recovery key is for the wallet " + recovery.wallet() + " at " + recovery.service());
        }
        return recovery.key();
    }

    SigningKey required(Purse purse, Origin origin) throws IOException, CommandException {
        SigningKey key = key(purse, origin);
        if (key == null) {
            throw CommandException.usage("this takes the wallet's recovery key: --recovery-file FILE");
        }
        return key;
    }

    RecoveryKey open() throws IOException, CommandException {
        if (file == null) {
            throw CommandException.usage("this takes a wallet's recovery key: --recovery-file FILE");
        }
        return RecoveryKey.open(file);
    }
}
