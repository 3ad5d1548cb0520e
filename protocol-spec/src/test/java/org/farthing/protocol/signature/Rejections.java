package org.farthing.protocol.signature;

import org.farthing.protocol.signature.SignatureRejectedException.Reason;

/** Why something was rejected; acceptance, and any other exception, fails the test. */
public final class Rejections {

    private Rejections() {}

    /** Something that ought to be rejected. */
    public interface Check {
        void run() throws Exception;
    }

    public static Reason rejected(Check check) {
        try {
            check.run();
        } catch (SignatureRejectedException e) {
            return e.reason();
        } catch (Exception e) {
            throw new AssertionError("a rejection was expected", e);
        }
        throw new AssertionError("accepted, where a rejection was expected");
    }
}
