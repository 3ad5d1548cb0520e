package org.farthing.server.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A connector on loopback whose peers have an address of another machine. */
final class FarConnector extends ServerConnector {

    FarConnector(Server server, ConnectionFactory factory) {
        super(server, factory);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        return new SocketChannelEndPoint(channel, selector, key, getScheduler()) {
            @Override
            public SocketAddress getRemoteSocketAddress() {
                try {
                    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, 7}), 4711);
                } catch (UnknownHostException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }
}
