/**
 * The payer's keys: one seed in one owner-only directory, from which the key for each ledger follows; the wallet services its
 * owner chose; and the recovery keys, which lie elsewhere.
 *
 * <p>Anybody may call this package; methods that sign do. It uses {@code org.farthing.protocol} and the module's owner-only
 * files, and knows neither HTTP nor budgets.
 */
@NullMarked
package org.farthing.client.purse;

import org.jspecify.annotations.NullMarked;
