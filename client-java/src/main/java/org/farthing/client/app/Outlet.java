package org.farthing.client.app;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where content goes. It can come more than once: when an answer breaks off, the same order is sent again and the content
 * starts anew.
 */
interface Outlet extends AutoCloseable {

    /** The content starts, for the first time or again. */
    void start() throws IOException;

    /** Takes bytes of the content. Returns false if whoever reads them wants no more. */
    boolean write(ByteBuffer bytes) throws IOException;

    /** All of the content is there. */
    void complete() throws IOException;

    /** Leaves nothing half done behind. */
    @Override
    void close() throws IOException;
}
