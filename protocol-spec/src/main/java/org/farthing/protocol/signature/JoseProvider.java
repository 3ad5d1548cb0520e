package org.farthing.protocol.signature;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSProvider;
import com.nimbusds.jose.jca.JCAContext;
import java.util.Set;

/**
 * What our signers and verifiers share with each other to stand behind Nimbus's interfaces. They use no JCA provider: the
 * JDK's Ed25519 is eight times slower than BouncyCastle's low-level one, and Nimbus's needs a library of its own.
 */
abstract class JoseProvider implements JWSProvider {

    private final JWSHeader header;

    JoseProvider(JWSAlgorithm algorithm) {
        header = new JWSHeader(algorithm);
    }

    /** A header that names the algorithm; what is signed is put together by {@link JoseHeader}. */
    final JWSHeader header() {
        return header;
    }

    @Override
    public final Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return Set.of(header.getAlgorithm());
    }

    @Override
    public final JCAContext getJCAContext() {
        return new JCAContext();
    }
}
