package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/**
 * A server in a process of its own, to be killed: STORE SECRET-HEX KEY-SEED-HEX MODE. In mode {@code hang} its handler says so
 * and never answers; in mode {@code serve} it answers. It takes any free port and says which; its origin is always the same, as
 * behind a proxy, so that what was offered by one process can be paid at the next.
 */
final class SellingProcess {

    static final String AUTHORITY = "127.0.0.1:8402";

    private SellingProcess() {}

    public static void main(String[] arguments) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(PaymentHandler.builder("http://" + AUTHORITY)
                .loopback()
                .keys(key(arguments[2]))
                .secrets(SecretRing.builder()
                        .current(HexFormat.of().parseHex(arguments[1]))
                        .build())
                .ledger(SqliteLedger.open(
                        Path.of(arguments[0]), LedgerOptions.builder(threads).build()))
                .price("/docs/*", "0.002usd")
                .build(Paywall.of((request, response, callback) -> {
                    say("handling");
                    if (arguments[3].equals("serve")) {
                        byte[] text = "bought".getBytes(StandardCharsets.UTF_8);
                        response.write(true, ByteBuffer.wrap(text), callback);
                    }
                })));
        server.start();
        say("ready " + connector.getLocalPort());
        server.join();
    }

    private static SigningKey key(String seed) throws MalformedException {
        return SigningKey.fromEd25519Seed(HexFormat.of().parseHex(seed));
    }

    private static void say(String word) {
        System.out.println(word);
        System.out.flush();
    }
}
