/**
 * Pays in front of Jetty's {@code HttpClient}: {@link org.farthing.client.jetty.JettyPayer} answers its 402s, with the checks,
 * limits and journal of {@link org.farthing.client.PaymentEngine}. Applications call it; nothing else of Farthing does. It
 * needs {@code org.eclipse.jetty:jetty-client} 12.1, which the application brings along.
 */
@NullMarked
package org.farthing.client.jetty;

import org.jspecify.annotations.NullMarked;
