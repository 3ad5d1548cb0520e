/**
 * Files that only their owner can read, a log that is only appended to, and a lock that holds between processes: what purse,
 * journal and pins stand on.
 * Only this module may call it; it knows nothing of payments.
 */
@NullMarked
package org.farthing.client.files;

import org.jspecify.annotations.NullMarked;
