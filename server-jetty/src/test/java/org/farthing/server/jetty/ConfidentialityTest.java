package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which TLS connections count (spec/server.md, F-SV-40). The JDK makes none with old protocols unless its security properties are
 * changed for the whole process, so the connection is made up here.
 */
class ConfidentialityTest {

    private static final Origin ORIGIN = new Origin("https://api.example.com");

    @ParameterizedTest
    @CsvSource({"TLSv1.3, true", "TLSv1.2, true", "TLSv1.1, false", "TLSv1, false", "SSLv3, false"})
    @Requirement({"S39", "T13", "F-SV-40"})
    void tlsConnection_countsFromVersion12On(String protocol, boolean counts) {
        SSLSession session = made(SSLSession.class, Map.of("getProtocol", protocol));
        EndPoint.SslSessionData data = EndPoint.SslSessionData.from(session, null, null, null);
        EndPoint end = made(EndPoint.class, Map.of("getSslSessionData", data));
        Connection connection = made(Connection.class, Map.of("getEndPoint", end));
        ConnectionMetaData meta = made(ConnectionMetaData.class, Map.of("isSecure", true, "getConnection", connection));
        Request request = made(Request.class, Map.of("getConnectionMetaData", meta));
        assertThat(new Confidentiality(false, false).isGiven(request, ORIGIN)).isEqualTo(counts);
        assertThat(new Confidentiality(true, true).isGiven(request, ORIGIN)).isEqualTo(counts);
    }

    private static <T> T made(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new AssertionError("nobody was to ask for " + method.getName());
                    }
                    return answer;
                }));
    }
}
