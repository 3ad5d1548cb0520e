/** The server side of Farthing: it charges for requests and keeps the books. */
module org.farthing.server {
    requires org.farthing.protocol;
    requires java.sql;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports org.farthing.server.ledger;
}
