package org.farthing.server.jetty;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.ComplianceViolation;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What a connector must not be lenient about: old TLS, paths that can be read in two ways, and messages whose end can (F-SV-40,
 * F-SV-99; T7, T13, T49).
 */
final class TransportChecks {

    private static final Set<String> OLD = Set.of("SSL", "SSLv2", "SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1");

    private TransportChecks() {}

    /** Refuses with one sentence that says what to do. */
    static void check(Connector connector) {
        for (var factory : connector.getConnectionFactories()) {
            if (factory instanceof SslConnectionFactory tls) {
                checkProtocols(tls.getSslContextFactory());
            }
            if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                HttpConfiguration config = http.getHttpConfiguration();
                refuse("uriCompliance", config.getUriCompliance().getAllowed(), UriCompliance.DEFAULT.getAllowed());
                refuse("httpCompliance", config.getHttpCompliance().getAllowed(), HttpCompliance.RFC7230.getAllowed());
            }
        }
    }

    /** Tells whether a secure connection came about with a protocol that keeps secrets (S39). What is not known is not old. */
    static boolean isModern(ConnectionMetaData connection) {
        EndPoint end = connection.getConnection().getEndPoint();
        EndPoint.SslSessionData session = end == null ? null : end.getSslSessionData();
        return session == null
                || session.sslSession() == null
                || !OLD.contains(session.sslSession().getProtocol());
    }

    /** Before a factory is started only what it was told to include is known; each connection is looked at, too. */
    private static void checkProtocols(SslContextFactory tls) {
        Set<String> chosen = new TreeSet<>(Arrays.asList(tls.getIncludeProtocols()));
        if (tls.isStarted()) {
            chosen = new TreeSet<>(Arrays.asList(tls.getSelectedProtocols()));
        }
        chosen.retainAll(OLD);
        chosen.removeAll(Arrays.asList(tls.getExcludeProtocols()));
        if (!chosen.isEmpty()) {
            throw new IllegalStateException("A TLS connector allows " + String.join(", ", chosen)
                    + ", which does not keep credentials secret: include TLSv1.2 and TLSv1.3 only.");
        }
    }

    private static void refuse(
            String setting, Set<? extends ComplianceViolation> allowed, Set<? extends ComplianceViolation> harmless) {
        String extra = allowed.stream()
                .filter(violation -> !harmless.contains(violation))
                .map(ComplianceViolation::getName)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!extra.isEmpty()) {
            throw new IllegalStateException(
                    "HttpConfiguration." + setting + " of a connector allows " + extra
                            + ": the same request could be read in two ways, with a price and without. Leave it at its default.");
        }
    }
}
