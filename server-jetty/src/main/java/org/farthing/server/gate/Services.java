package org.farthing.server.gate;

import java.time.InstantSource;
import org.farthing.server.ledger.Ledger;

/** What the parts of the gate work with. */
record Services(
        Ledger ledger,
        Timers timers,
        Patience patience,
        InstantSource clock,
        Answers answers,
        OtherSchemes others,
        Limits limits,
        DemandLane lane,
        ReceiptSigner signer,
        RunningCharges running,
        PaymentEvents events) {}
