/**
 * The suite that checks a running server from outside. A {@link org.farthing.conformance.server.Site} says where the server is, which
 * pages it has and how to pay; a {@link org.farthing.conformance.server.Visit} is one case's way to talk to it; classes named
 * {@code …Cases} hold the cases, and {@link org.farthing.conformance.server.ServerSuite} lists them. What a server sends is read
 * leniently ({@link org.farthing.conformance.server.Offer}), because a case must be able to look at what is wrong.
 */
@NullMarked
package org.farthing.conformance.server;

import org.jspecify.annotations.NullMarked;
