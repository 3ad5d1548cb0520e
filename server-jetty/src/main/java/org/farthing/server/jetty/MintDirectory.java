package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.server.mint.Mint;

/** Serves the directory of a mint (specification: token-mint.md, F-TK-77): to everybody the same bytes. */
final class MintDirectory {

    /** A cache that many share keeps it for a minute, or payees would go on with a key that was closed. */
    private static final String CACHE_CONTROL = "public, s-maxage=60, max-age=";

    private final Mint mint;

    MintDirectory(Mint mint) {
        this.mint = mint;
    }

    void serve(Request request, Response response, Callback callback) {
        IssuerDirectory directory = mint.acceptedIssuer()
                .directory()
                .orElseThrow(() -> Refusal.waitFirst(
                        ProblemType.LEDGER_UNAVAILABLE, "This mint has no keys at the moment.", Duration.ofMinutes(1)));
        String etag = '"' + directory.hash() + '"';
        HttpFields.Mutable fields = response.getHeaders();
        fields.put(HttpHeader.CACHE_CONTROL, CACHE_CONTROL + mint.unchangedFor().toSeconds());
        fields.put(HttpHeader.ETAG, etag);
        if (KeysHandler.isCurrent(etag, request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH))) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            callback.succeeded();
            return;
        }
        byte[] body = directory.bytes();
        fields.put(HttpHeader.CONTENT_TYPE, IssuerDirectory.MEDIA_TYPE);
        fields.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
