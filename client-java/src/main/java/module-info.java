/**
 * Pays for HTTP requests that answer 402, by itself and within a budget its owner set.
 */
module org.farthing.client {
    requires transitive java.net.http;
    requires transitive org.farthing.protocol;
    requires org.slf4j;
    requires static transitive org.jspecify;

    // For those who pay with Jetty's client, and have it.
    requires static transitive org.eclipse.jetty.client;
    requires static org.eclipse.jetty.http;
    requires static org.eclipse.jetty.io;
    requires static org.eclipse.jetty.util;

    // For the command line alone, which the runnable jar brings along.
    requires static info.picocli;

    exports org.farthing.client;
    exports org.farthing.client.budget;
    exports org.farthing.client.jetty;
    exports org.farthing.client.method;
    exports org.farthing.client.purse;
    exports org.farthing.client.token;
    exports org.farthing.client.trust;
    exports org.farthing.client.wallet;

    opens org.farthing.client.app to
            info.picocli;
}
