package org.farthing.client.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.TokenEvent;

/** The tokens of the home folder, for a command. */
final class OwnTokens {

    private OwnTokens() {}

    /** Whether there ever were any; looking at a price must not make a file. */
    static boolean areThere(Payments payments) {
        return Files.exists(payments.purse().directory().resolve("tokens.jsonl"));
    }

    /** Opens them, with a wallet that pays within a policy; a word about each step goes to a terminal. */
    static BlindTokens open(Shell shell, Payments payments, SpendingPolicy policy, boolean loopback)
            throws IOException {
        PayingClient.Builder wallet = payments.client(policy, payments.journal());
        BlindTokens.Builder tokens = BlindTokens.builder(
                        payments.purse(), (loopback ? wallet.loopbackProfile() : wallet).build())
                .clock(shell.clock())
                .timer(shell.timer())
                .listener(event -> tell(shell, event));
        return (loopback ? tokens.loopbackProfile() : tokens).build();
    }

    private static void tell(Shell shell, TokenEvent event) {
        if (!shell.isWatched()) {
            return;
        }
        switch (event.step()) {
            case BEGUN -> shell.say("made " + event.tokens() + " blinded messages; what they follow from is on disk");
            case ASKING -> shell.say("asking for signatures ...");
            case VERIFIED -> shell.say("every signature holds");
            case STORED -> shell.say("the tokens are on disk");
        }
    }

    /** Waits for what was begun; a failure is as if it had happened here. */
    static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof IOException io) {
                throw io;
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IOException("the mint could not be asked", cause);
        }
    }
}
