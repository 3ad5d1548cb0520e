package org.farthing.conformance.server;

import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.wallet.PaymentOrder;

/** Where {@link TinyPayee} is careless about what is signed. */
final class TinyProofs {

    private TinyProofs() {}

    /** Whether an order passes that was not verified. */
    static boolean passes(PaymentOrder order, Set<Fault> faults) {
        try {
            String header = new String(
                    Base64Url.decode(order.jws().split("\\.", 2)[0], "header"),
                    java.nio.charset.StandardCharsets.UTF_8);
            boolean otherAlgorithm = !header.contains("\"EdDSA\"");
            boolean otherType = !header.contains("\"payment-order+jws\"");
            boolean zeros = order.jws().matches(".*\\.\\.A*");
            boolean bringsKey = header.contains("\"jwk\"");
            return (faults.contains(Fault.KEY_OF_THE_SENDER) && bringsKey)
                    || (faults.contains(Fault.ZEROS_ARE_A_SIGNATURE) && zeros)
                    || (faults.contains(Fault.ANY_ALGORITHM) && otherAlgorithm)
                    || (faults.contains(Fault.ANY_TYPE) && otherType);
        } catch (MalformedException e) {
            return false;
        }
    }

    /** A receipt's field value, with what is wrong about it. */
    static String written(PaymentReceipt receipt, Set<Fault> faults) {
        TreeMap<String, Object> members = new TreeMap<>(receipt.members());
        if (faults.contains(Fault.RECEIPT_STATUS_OK)) {
            members.put("status", "ok");
        }
        if (faults.contains(Fault.RECEIPT_WITHOUT_TIME)) {
            members.remove("timestamp");
        }
        if (faults.contains(Fault.RECEIPT_SIGNATURE_WRONG)) {
            members.put("amount", "1");
        }
        String value = Base64Url.encodeUtf8(CanonicalJson.write(members));
        return faults.contains(Fault.RECEIPT_NOT_BASE64URL) ? value + "=" : value;
    }
}
