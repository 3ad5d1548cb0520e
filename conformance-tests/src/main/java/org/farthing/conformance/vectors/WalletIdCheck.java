package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletId;

/** Kind {@code wallet-id}: the name of the wallet that a key opens. */
final class WalletIdCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return WalletId.of(VerificationKey.parse(input.json("jwk")));
    }
}
