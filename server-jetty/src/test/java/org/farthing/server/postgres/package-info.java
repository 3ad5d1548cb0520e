/** A real PostgreSQL for the tests of every package. */
@org.jspecify.annotations.NullMarked
package org.farthing.server.postgres;
