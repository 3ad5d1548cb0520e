/**
 * The contract of {@link org.farthing.server.ledger.Ledger} as tests, for those who bring their own store. It uses the public
 * interface of the ledger only, and is published as {@code farthing-server-jetty}, type {@code test-jar}.
 *
 * <p>In a project with JUnit 5, AssertJ and, for the random programs, jqwik among its test dependencies:
 *
 * <pre>{@code
 * <dependency>
 *   <groupId>org.farthing</groupId>
 *   <artifactId>farthing-server-jetty</artifactId>
 *   <version>...</version>
 *   <type>test-jar</type>
 *   <scope>test</scope>
 * </dependency>
 *
 * class MyLedgerTest extends LedgerContract {
 *     private final MyStore store = MyStore.empty();      // a new one for each test
 *     @Override
 *     protected Ledger open(LedgerOptions options) {      // again in the same test: the same books, the owner before is gone
 *         return MyLedger.open(store, options);
 *     }
 * }
 * }</pre>
 *
 * <p>{@link org.farthing.server.ledger.kit.LedgerContract} runs all contracts; each of them can be extended alone while a store
 * grows. {@link org.farthing.server.ledger.kit.LedgerProperties} and {@link
 * org.farthing.server.ledger.kit.TwoLedgersProperties} run random programs against a model. A store has to take its time from
 * {@link org.farthing.server.ledger.LedgerOptions#clock()} while it is tested, also if in earnest the time is its own.
 */
@NullMarked
package org.farthing.server.ledger.kit;

import org.jspecify.annotations.NullMarked;
