/** The server side of Farthing: it charges for requests and keeps the books. */
module org.farthing.server {
    requires transitive org.farthing.protocol;
    // A data source is what a shared ledger is opened with.
    requires transitive java.sql;
    requires transitive org.eclipse.jetty.server;
    requires org.eclipse.jetty.client;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.io;
    requires org.eclipse.jetty.util;
    requires org.slf4j;
    requires static transitive org.jspecify;

    // For the command line alone, which the runnable jar brings along.
    requires static info.picocli;
    requires static java.net.http;
    requires static org.commonmark;
    requires static org.commonmark.ext.gfm.tables;
    requires static org.farthing.client;

    exports org.farthing.server.collect;
    exports org.farthing.server.gate;
    exports org.farthing.server.jetty;
    exports org.farthing.server.keys;
    exports org.farthing.server.ledger;
    exports org.farthing.server.method;
    exports org.farthing.server.mint;
    exports org.farthing.server.offer;
    exports org.farthing.server.token;
    exports org.farthing.server.trust;

    opens org.farthing.server.app to
            info.picocli;
}
