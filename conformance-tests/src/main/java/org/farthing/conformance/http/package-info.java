/**
 * HTTP/1.1 as bytes, for suites that check servers: exactly the request a case wrote goes out, also one no library would send, and
 * every answer is taken as it comes and kept as evidence. A connection a request; nothing is retried, followed or completed.
 */
@NullMarked
package org.farthing.conformance.http;

import org.jspecify.annotations.NullMarked;
