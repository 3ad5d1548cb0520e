/**
 * Load runs: a real server in a process of its own, wrk on loopback, alternated with the same server without payment. Beside
 * it, in another process, runs a wallet service, at which the server collects what was paid by receipt token. {@link
 * org.farthing.benchmarks.load.LoadRun} is the entry; it needs wrk on the path.
 */
package org.farthing.benchmarks.load;
