package org.farthing.server.offer;

/** When the money of a charge moves (protocol section 2.2). */
public enum CaptureMode {
    /**
     * The money is set aside, the handler fills a bounded buffer, the money moves, the answer leaves. The default: nothing is
     * charged for what was not served.
     */
    HOLD,
    /** The money moves before the handler runs and comes back if the handler fails. For streams and large answers. */
    UPFRONT
}
