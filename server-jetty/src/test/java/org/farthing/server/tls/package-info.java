/** The paywall as the world meets it: over TLS, on HTTP/1.1 and HTTP/2, alone and with a shared cache in front. Tests only. */
@NullMarked
package org.farthing.server.tls;

import org.jspecify.annotations.NullMarked;
