package org.farthing.server.offer;

/** What a challenge is tied to (protocol section 1.3). Realm mode is for sessions and is never used for a charge. */
public enum BindingMode {
    /** This very request: method, origin, path and query as on the wire. The default. */
    EXACT,
    /**
     * The route and the origin: for servers behind a proxy that rewrites paths, where the client's path is not the one seen
     * here. One payment then opens any URL of the route, so every fact the price depends on has to be declared.
     */
    ROUTE
}
