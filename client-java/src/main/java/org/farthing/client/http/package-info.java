/**
 * Small parts over {@code java.net.http}: bodies read within bounds, and held bodies handed on. Only this module may call
 * it; it knows nothing of payments.
 */
@NullMarked
package org.farthing.client.http;

import org.jspecify.annotations.NullMarked;
