/**
 * How much may be spent, and what has been: {@link org.farthing.client.budget.SpendingPolicy} says what the owner allows,
 * {@link org.farthing.client.budget.SpendingJournal} keeps every payment on disk and counts it before a key signs.
 *
 * <p>Anybody may call this package. It knows neither HTTP nor keys; it uses {@code org.farthing.protocol} for money and
 * the module's owner-only files.
 */
@NullMarked
package org.farthing.client.budget;

import org.jspecify.annotations.NullMarked;
