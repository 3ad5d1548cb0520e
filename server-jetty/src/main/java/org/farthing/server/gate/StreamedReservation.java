package org.farthing.server.gate;

import java.util.concurrent.CompletionStage;

/** A reservation whose money moved before: the answer may leave piece by piece. */
public sealed interface StreamedReservation extends Reservation permits UpfrontReservation, ReRunReservation {

    /**
     * Says with which status the answer starts. An upfront charge whose answer is not charged is refunded here. Nothing of
     * the answer may have left yet.
     *
     * @param status the answer's status
     * @return what to send with it
     */
    CompletionStage<Settled> open(int status);

    /**
     * Says that the answer ended: the handler is done with it, or the client is gone and what was paid for has been used.
     *
     * @param status the answer's status
     * @return completes when it is noted; the answer may end at once
     */
    CompletionStage<Settled> close(int status);
}
