/**
 * Shows what came of a suite: on the terminal while it runs, and as JUnit XML, JSON or one HTML page afterwards. The commands of
 * the suites take {@link org.farthing.conformance.report.ReportOptions} as a mixin and hand their suite to it; nothing else here
 * is for them. Whatever the checked program said is taken in as hostile: secrets go, control characters become visible, and each
 * form escapes what it writes.
 */
@NullMarked
package org.farthing.conformance.report;

import org.jspecify.annotations.NullMarked;
