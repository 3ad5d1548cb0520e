package org.farthing.server.jetty;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.farthing.server.offer.CredentialField;
import org.jspecify.annotations.Nullable;

/**
 * The request a paid handler sees: its body, read and verified before, comes again (F-BI-44), and the credential is gone, so
 * that no application log or upstream gets it (T38).
 */
final class PaidRequest extends Request.Wrapper {

    private final HttpFields headers;
    private final Content.@Nullable Source body;

    PaidRequest(Request request, byte @Nullable [] body) {
        this(request, body, false);
    }

    /** With a credential of another scheme in the usual field, or without. */
    PaidRequest(Request request, byte @Nullable [] body, boolean otherScheme) {
        super(request);
        this.headers = withoutCredential(request.getHeaders(), otherScheme);
        this.body = body == null ? null : Content.Source.from(ByteBuffer.wrap(body));
    }

    @Override
    public HttpFields getHeaders() {
        return headers;
    }

    @Override
    public Content.Chunk read() {
        return body == null ? super.read() : body.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
        if (body == null) {
            super.demand(demandCallback);
        } else {
            body.demand(demandCallback);
        }
    }

    @Override
    public void fail(Throwable failure) {
        if (body != null) {
            body.fail(failure);
        }
        super.fail(failure);
    }

    @Override
    public boolean consumeAvailable() {
        return body != null || super.consumeAvailable();
    }

    private static HttpFields withoutCredential(HttpFields fields, boolean otherScheme) {
        HttpFields.Mutable rest = HttpFields.build(fields);
        for (CredentialField field : CredentialField.values()) {
            List<String> lines = fields.getValuesList(field.fieldName());
            if (lines.stream().anyMatch(PaidRequest::isPayment)) {
                rest.remove(field.fieldName());
            }
        }
        if (otherScheme) {
            rest.remove(CredentialField.AUTHORIZATION.fieldName());
        }
        return rest.asImmutable();
    }

    private static boolean isPayment(String line) {
        return line.strip().regionMatches(true, 0, "payment ", 0, 8);
    }
}
