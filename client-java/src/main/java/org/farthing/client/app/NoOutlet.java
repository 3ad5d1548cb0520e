package org.farthing.client.app;

import java.nio.ByteBuffer;

/** Takes nothing: a dry run does not want the content. */
final class NoOutlet implements Outlet {

    @Override
    public void start() {}

    @Override
    public boolean write(ByteBuffer bytes) {
        return false;
    }

    @Override
    public void complete() {}

    @Override
    public void close() {}
}
