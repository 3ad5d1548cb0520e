/**
 * Pays for HTTP requests that answer 402, by itself and within a budget its owner set.
 */
module org.farthing.client {
    requires transitive java.net.http;
    requires transitive org.farthing.protocol;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports org.farthing.client.budget;
}
