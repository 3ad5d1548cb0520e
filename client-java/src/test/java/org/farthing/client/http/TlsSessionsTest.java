package org.farthing.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import javax.net.ssl.SSLContext;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

class TlsSessionsTest {

    @Test
    @Requirement("F-TK-163")
    void apart_thePlatformsSettings_shareNoSessions() throws Exception {
        SSLContext platform = SSLContext.getDefault();
        SSLContext one = TlsSessions.apart(platform);
        SSLContext other = TlsSessions.own();
        assertThat(one.getClientSessionContext())
                .isNotSameAs(platform.getClientSessionContext())
                .isNotSameAs(other.getClientSessionContext());
        assertThat(one.createSSLEngine("example.com", 443).getSSLParameters().getProtocols())
                .isEqualTo(platform.createSSLEngine("example.com", 443)
                        .getSSLParameters()
                        .getProtocols());
    }

    @Test
    @Requirement("F-TK-163")
    void apart_settingsOfAProgram_areKept() throws Exception {
        SSLContext own = SSLContext.getInstance("TLSv1.3");
        own.init(null, null, null);
        assertThat(TlsSessions.apart(own)).isSameAs(own);
    }
}
