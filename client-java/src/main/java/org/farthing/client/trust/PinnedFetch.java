package org.farthing.client.trust;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.farthing.protocol.binding.Origin;

/**
 * One GET over TLS to one address: {@code java.net.http} cannot be told which address to use, and a name that is looked up
 * twice may have changed in between (F-KY-51). The certificate must be for the name all the same.
 *
 * <p>It speaks HTTP/1.0, so that the end of the connection is the end of the body, and blocks.
 */
final class PinnedFetch {

    private static final int HTTPS_PORT = 443;
    private static final int MOST_HEAD = 16 * 1024;

    private final SSLContext tls;
    private final Duration timeout;

    PinnedFetch(SSLContext tls, Duration timeout) {
        this.tls = tls;
        this.timeout = timeout;
    }

    /**
     * Fetches a body.
     *
     * @throws IOException if anything but 200 comes, or more than {@code limit} bytes, or not in time
     */
    byte[] get(Origin origin, InetAddress address, String path, String accept, int limit) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String authority = origin.realm();
        int colon = authority.indexOf(':', origin.host().length());
        int port = colon < 0 ? HTTPS_PORT : Integer.parseInt(authority.substring(colon + 1));
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, port), left(deadline));
            plain.setSoTimeout(left(deadline));
            String name = origin.host().replace("[", "").replace("]", "");
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, name, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                String head = "GET " + path + " HTTP/1.0\r\nHost: " + authority + "\r\nAccept: " + accept
                        + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                return answer(new Timed(socket, deadline), limit);
            }
        }
    }

    private static byte[] answer(InputStream in, int limit) throws IOException {
        String[] status = line(in, MOST_HEAD).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].equals("200")) {
            throw new IOException(status.length < 2 ? "no HTTP" : "status " + status[1]);
        }
        int left = MOST_HEAD;
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            left -= line.length();
            if (line.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:")) {
                throw new IOException("a transfer coding nobody asked for");
            }
        }
        byte[] body = in.readNBytes(limit + 1);
        if (body.length > limit) {
            throw new IOException("longer than " + limit + " bytes");
        }
        return body;
    }

    private static String line(InputStream in, int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() >= most) {
                throw new IOException("no HTTP");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static int left(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("not in time");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** Reads with what is left of the time, so that one byte now and then does not keep a thread for ever. */
    private static final class Timed extends BufferedInputStream {

        Timed(SSLSocket socket, long deadline) throws IOException {
            super(new InputStream() {
                private final InputStream in = socket.getInputStream();

                @Override
                public int read() throws IOException {
                    socket.setSoTimeout(left(deadline));
                    return in.read();
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    socket.setSoTimeout(left(deadline));
                    return in.read(into, offset, length);
                }
            });
        }
    }
}
