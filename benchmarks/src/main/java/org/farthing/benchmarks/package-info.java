/**
 * Measurements, one question a class, each with its baseline in the same run. Results go to {@code RESULTS.md} as ratios;
 * nothing here is asserted and nothing here ships.
 */
package org.farthing.benchmarks;
