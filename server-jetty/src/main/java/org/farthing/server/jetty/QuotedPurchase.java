package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.server.offer.CredentialField;

/**
 * A request for tokens whose body was read and priced before the paywall sees it (specification: token-mint.md, F-TK-82): the
 * body comes again, and what it costs stands in a field of our own. What the client put in that field is gone.
 */
final class QuotedPurchase extends Request.Wrapper {

    /** The field with the sum; the price and {@code pf} are made of it. */
    static final String TOTAL = "Farthing-Token-Total";

    private static final String CONTENT_DIGEST = "Content-Digest";

    private final HttpFields headers;
    private final Content.Source body;

    private QuotedPurchase(Request request, HttpFields headers, byte[] body) {
        super(request);
        this.headers = headers;
        this.body = Content.Source.from(ByteBuffer.wrap(body));
    }

    /** Puts the price on; refuses a body that is not the one the client states the digest of. */
    static QuotedPurchase of(Request request, byte[] body, Amount total) {
        ContentDigest digest = ContentDigest.of(body);
        List<String> stated = request.getHeaders().getValuesList(CONTENT_DIGEST);
        try {
            Optional<ContentDigest> ours = ContentDigest.parseField(stated);
            if (ours.isPresent() && !ours.get().equals(digest)) {
                throw new Refusal(
                        Problem.of(ProblemType.BAD_REQUEST, "The body is not the one of its Content-Digest."));
            }
        } catch (MalformedException e) {
            throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, "The field Content-Digest cannot be read."));
        }
        HttpFields headers = HttpFields.build(request.getHeaders())
                .put(TOTAL, total.format())
                .put(CONTENT_DIGEST, digest.format())
                .asImmutable();
        return new QuotedPurchase(request, headers, body);
    }

    /** Tells whether a payment is shown. */
    static boolean isPaid(Request request) {
        for (CredentialField field : CredentialField.values()) {
            for (String line : request.getHeaders().getValuesList(field.fieldName())) {
                if (line.strip().regionMatches(true, 0, "payment ", 0, 8)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }

    @Override
    public Content.Chunk read() {
        return body.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
        body.demand(demandCallback);
    }

    @Override
    public void fail(Throwable failure) {
        body.fail(failure);
        super.fail(failure);
    }

    @Override
    public boolean consumeAvailable() {
        return true;
    }
}
