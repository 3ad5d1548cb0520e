/** Tests of payment with blind tokens, and an issuer for tests. */
@NullMarked
package org.farthing.server.token;

import org.jspecify.annotations.NullMarked;
