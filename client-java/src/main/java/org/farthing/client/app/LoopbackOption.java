package org.farthing.client.app;

import java.net.http.HttpClient;
import java.time.Duration;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import picocli.CommandLine.Option;

/** The switch for servers on this machine, for commands that talk to a ledger (spec/binding.md, F-BI-34). */
final class LoopbackOption {

    @Option(
            names = "--loopback",
            description = "Allow a server on this machine over plain http (127.0.0.1), for trying things out.")
    private boolean loopback;

    boolean isGiven() {
        return loopback;
    }

    void require(Origin origin) throws CommandException {
        if (!origin.isHttps() && !loopback) {
            throw CommandException.usage(
                    origin + " is plain http on this machine; say --loopback if you mean a server you are trying out");
        }
    }

    WalletApi wallets(Shell shell, Purse purse) {
        HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new WalletApi(http, purse, shell.clock(), loopback);
    }
}
