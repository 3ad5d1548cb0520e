/**
 * The protocol of Farthing: what a payment challenge, credential and receipt are, to the byte. It does no I/O, starts no
 * thread and reads no clock.
 */
@SuppressWarnings("module")
module org.farthing.protocol {
    requires com.fasterxml.jackson.core;
    requires com.nimbusds.jose.jwt;
    requires org.bouncycastle.provider;
    requires static transitive org.jspecify;

    exports org.farthing.protocol;
    exports org.farthing.protocol.binding;
    exports org.farthing.protocol.signature;
    exports org.farthing.protocol.token;
    exports org.farthing.protocol.wallet;
    exports org.farthing.protocol.internal to
            org.farthing.server,
            org.farthing.client;
}
