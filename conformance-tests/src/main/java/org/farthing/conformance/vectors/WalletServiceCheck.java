package org.farthing.conformance.vectors;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.FreezeChange;
import org.farthing.protocol.wallet.KeyChange;
import org.farthing.protocol.wallet.LimitChange;
import org.farthing.protocol.wallet.PayeeRegistration;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.protocol.wallet.RegisteredPayee;
import org.farthing.protocol.wallet.ReleaseNotice;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.protocol.wallet.WalletOpening;
import org.farthing.protocol.wallet.WalletRecord;

/** Kind {@code wallet-service}: the bodies of a wallet service's routes, read and written again. */
final class WalletServiceCheck implements Check {

    /** A body as it is read, written as it was understood. */
    private interface Body {
        String rewrite(byte[] body) throws MalformedException;
    }

    private static final Map<String, Body> BODIES = Map.ofEntries(
            Map.entry("payment", body -> ServicePayment.parse(body).format()),
            Map.entry("payment-reply", body -> PaymentReply.parse(body).format()),
            Map.entry("release-notice", body -> ReleaseNotice.parse(body).format()),
            Map.entry("capture-batch", body -> CaptureBatch.parse(body).format()),
            Map.entry("capture-results", body -> CaptureResults.parse(body).format()),
            Map.entry("payments-page", body -> PaymentsPage.parse(body).format()),
            Map.entry("refund-order", body -> RefundOrder.parse(body).format()),
            Map.entry(
                    "payee-registration", body -> PayeeRegistration.parse(body).format()),
            Map.entry("registered-payee", body -> RegisteredPayee.parse(body).format()),
            Map.entry("wallet-registration", body -> WalletOpening.parse(body).format()),
            Map.entry("limit-change", body -> LimitChange.parse(body).format()),
            Map.entry("freeze-change", body -> FreezeChange.parse(body).format()),
            Map.entry("key-change", body -> KeyChange.parse(body).format()),
            Map.entry("wallet", body -> WalletRecord.parse(body).format()));

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "read" -> body(input.text("body")).rewrite(input.bytes("json"));
            case "answer" -> {
                CaptureBatch asked = CaptureBatch.parse(input.text("asked").getBytes(StandardCharsets.UTF_8));
                yield CaptureResults.parse(input.bytes("json"), asked).format();
            }
            default -> throw input.unknownOp();
        };
    }

    private static Body body(String name) throws BrokenVectorException {
        Body body = BODIES.get(name);
        if (body == null) {
            throw new BrokenVectorException("input.body is no body of a wallet service: " + name);
        }
        return body;
    }
}
