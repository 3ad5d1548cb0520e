package org.farthing.conformance.suite;

/** How much a requirement binds (RFC 2119), and so how much its failure weighs. The first weighs most. */
public enum Severity {
    /** Whoever fails it does not speak the protocol. */
    MUST,
    /** There may be reasons not to do it; the report asks for them. */
    SHOULD,
    /** Worth knowing; never a reason to fail. */
    MAY
}
