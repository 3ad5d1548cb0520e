package org.farthing.client.http;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/**
 * TLS settings with a memory of sessions of their own. A TLS session that is taken up again tells a server that two connections
 * are by one client, whatever is sent over them; and all clients with the platform's settings share one memory.
 */
public final class TlsSessions {

    /** What the platform's own settings call themselves, and none that a program made. */
    private static final String PLATFORM = "Default";

    private TlsSessions() {}

    /**
     * The platform's settings, or those a program put in their place, apart from those of other clients where that can be.
     *
     * @return the settings
     */
    public static SSLContext own() {
        try {
            return apart(SSLContext.getDefault());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /**
     * Settings like others, apart from them where that can be.
     *
     * @param like the settings of a client
     * @return the platform's settings with a memory of their own and no certificate of the client, if these are the platform's;
     *     else the very same, which may know keys and authorities that cannot be copied
     */
    public static SSLContext apart(SSLContext like) {
        try {
            if (!like.getProtocol().equals(PLATFORM)) {
                return like;
            }
            SSLContext own = SSLContext.getInstance("TLS");
            own.init(null, null, null);
            return own;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }
}
