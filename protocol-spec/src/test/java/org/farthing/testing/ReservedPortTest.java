package org.farthing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Elsewhere no port can be reserved and served at the same time. */
@EnabledOnOs(OS.LINUX)
class ReservedPortTest {

    @Test
    void any_serversThatComeAndGo_listenThere_andNobodyElseGetsItInBetween() throws Exception {
        try (ReservedPort port = ReservedPort.any()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
            for (int life = 0; life < 2; life++) {
                assertTaken(address);
                try (ServerSocket server = new ServerSocket()) {
                    server.setReuseAddress(true);
                    server.bind(address);
                    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                        assertThat(client.isConnected()).isTrue();
                    }
                }
            }
            assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    /** For those who do not name it and share it: who asks for any port is refused it in the same way. */
    private static void assertTaken(InetSocketAddress address) throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.setReuseAddress(false);
            assertThatThrownBy(() -> other.bind(address)).isInstanceOf(BindException.class);
        }
    }
}
