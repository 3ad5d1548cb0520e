package org.farthing.conformance.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Payee;

/**
 * A payee with books of its own, of which there is nothing but its key: the suite plays it at the issuer.
 *
 * @param origin where its key document stands, a port of the reference server
 * @param file its private key
 * @param key the same
 */
record ReferencePayee(Origin origin, Path file, SigningKey key) {

    static ReferencePayee in(ReferenceFolder folder, Origin origin) throws IOException {
        ReferenceWallet key = ReferenceWallet.in(folder, "remote-payee.jwk");
        return new ReferencePayee(origin, key.file(), key.key());
    }

    /** Lets the issuer know it. */
    void register(Ledger issuers) {
        var unused = issuers.payees()
                .put(origin.text(), false, Payee.Status.ACTIVE, null)
                .toCompletableFuture()
                .join();
    }

    /** Serves its key document at its port, and leaves everything else alone. */
    Handler document() {
        byte[] document =
                KeyDirectory.of(origin, List.of(key.publicKey())).format().getBytes(UTF_8);
        return new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                boolean mine = origin.realm().equals(request.getHeaders().get(HttpHeader.HOST))
                        && KeyDirectory.WELL_KNOWN_PATH.equals(Request.getPathInContext(request));
                if (!mine) {
                    return false;
                }
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/jwk-set+json");
                response.write(true, ByteBuffer.wrap(document), callback);
                return true;
            }
        };
    }

    /** The payee, and no key. */
    @Override
    public String toString() {
        return "ReferencePayee[" + origin + "]";
    }
}
