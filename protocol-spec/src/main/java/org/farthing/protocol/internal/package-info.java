/**
 * The ground the nouns stand on: canonical JSON (RFC 8785), strict JSON reading, canonical base64url, RFC 3339 times and
 * the header scanner. Only Farthing's own modules may call it; it is no API and changes without notice.
 */
@NullMarked
package org.farthing.protocol.internal;

import org.jspecify.annotations.NullMarked;
