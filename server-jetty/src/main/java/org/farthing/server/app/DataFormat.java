package org.farthing.server.app;

/** How data is written for other programs. */
enum DataFormat {
    /** RFC 4180: a header line, commas, quotes where they are needed, CR LF. */
    CSV,
    /** One JSON object a line. */
    JSONL
}
