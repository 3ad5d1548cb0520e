package org.farthing.server.tls;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection over TLS, frame by frame: it sends what no client library would, and shows what a server answers to
 * that. Header fields go out as they are given, in order, never compressed.
 */
final class RawHttp2 implements AutoCloseable {

    static final int NO_ERROR = 0;
    static final int CANCEL = 8;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int MOST_IN_A_FRAME = 16_384;

    private final SSLSocket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final HpackDecoder fields = new HpackDecoder(64 * 1024, System::nanoTime);
    private final Map<Integer, Answer> answers = new HashMap<>();
    private int last = -1;

    /** What came back on one stream. */
    static final class Answer {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private MetaData.@Nullable Response head;
        private int interim;
        private @Nullable Integer reset;
        private boolean ended;

        /** The final status, or 0 if there was none. */
        int status() {
            return head == null ? 0 : head.getStatus();
        }

        /** The status of the last interim answer, or 0. */
        int interim() {
            return interim;
        }

        HttpFields fields() {
            return head == null ? HttpFields.EMPTY : head.getHttpFields();
        }

        String body() {
            return body.toString(StandardCharsets.UTF_8);
        }

        /** The error code the server reset the stream with, if it did. */
        @Nullable
        Integer reset() {
            return reset;
        }

        @Override
        public String toString() {
            return status() + " " + fields() + body() + " reset=" + reset;
        }
    }

    RawHttp2(int port) throws Exception {
        socket =
                (SSLSocket) TestCertificate.shared().client().getSocketFactory().createSocket("localhost", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        if (!"h2".equals(socket.getApplicationProtocol())) {
            throw new AssertionError("the server speaks " + socket.getApplicationProtocol());
        }
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** Opens a stream with a request's head: names and values in turn. */
    int open(boolean end, String... namesAndValues) throws IOException {
        last += 2;
        head(last, end, namesAndValues);
        return last;
    }

    /** A GET of a path. */
    int get(String authority, String path, String... namesAndValues) throws IOException {
        return open(true, request("GET", authority, path, namesAndValues));
    }

    static String[] request(String method, String authority, String path, String... namesAndValues) {
        String[] all = new String[8 + namesAndValues.length];
        String[] pseudo = {":method", method, ":scheme", "https", ":authority", authority, ":path", path};
        System.arraycopy(pseudo, 0, all, 0, 8);
        System.arraycopy(namesAndValues, 0, all, 8, namesAndValues.length);
        return all;
    }

    /** Sends fields on a stream: its head, or its trailers. */
    void head(int stream, boolean end, String... namesAndValues) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            text(block, namesAndValues[i]);
            text(block, namesAndValues[i + 1]);
        }
        byte[] bytes = block.toByteArray();
        int type = HEADERS;
        int flags = end ? END_STREAM : 0;
        for (int from = 0; from < bytes.length; from += MOST_IN_A_FRAME) {
            int to = Math.min(bytes.length, from + MOST_IN_A_FRAME);
            byte[] part = Arrays.copyOfRange(bytes, from, to);
            frame(type, flags | (to == bytes.length ? END_HEADERS : 0), stream, part);
            type = CONTINUATION;
            flags = 0;
        }
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int rest = bytes.length;
        if (rest < 127) {
            block.write(rest);
        } else {
            block.write(127);
            rest -= 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    void data(int stream, byte[] bytes, boolean end) throws IOException {
        for (int from = 0; from < bytes.length; from += MOST_IN_A_FRAME) {
            int to = Math.min(bytes.length, from + MOST_IN_A_FRAME);
            byte[] part = Arrays.copyOfRange(bytes, from, to);
            frame(DATA, end && to == bytes.length ? END_STREAM : 0, stream, part);
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
        out.flush();
    }

    /** Reads until a stream has ended, either way. */
    Answer answer(int stream) throws IOException {
        Answer answer = answers.computeIfAbsent(stream, id -> new Answer());
        while (!answer.ended && answer.reset == null) {
            read();
        }
        return answer;
    }

    /** Reads until there is an interim answer, or the final one without any. */
    Answer interim(int stream) throws IOException {
        Answer answer = answers.computeIfAbsent(stream, id -> new Answer());
        while (answer.interim == 0 && !answer.ended && answer.reset == null) {
            read();
        }
        return answer;
    }

    /** Reads until the server said that it takes no more of a stream. */
    Answer reset(int stream) throws IOException {
        Answer answer = answers.computeIfAbsent(stream, id -> new Answer());
        while (answer.reset == null) {
            read();
        }
        return answer;
    }

    private void read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(length);
        Answer answer = answers.computeIfAbsent(stream, id -> new Answer());
        switch (type) {
            case HEADERS -> {
                if ((flags & END_HEADERS) == 0) {
                    throw new AssertionError("answers of these tests fit into one frame");
                }
                decode(answer, payload);
            }
            case DATA -> answer.body.writeBytes(payload);
            case RST_STREAM -> answer.reset = ByteBuffer.wrap(payload).getInt();
            case SETTINGS, PING -> {
                if ((flags & ACK) == 0) {
                    frame(type, ACK, 0, type == PING ? payload : new byte[0]);
                }
            }
            case GOAWAY ->
                throw new IOException("the server ends the connection with error "
                        + ByteBuffer.wrap(payload).getInt(4) + " "
                        + new String(payload, 8, payload.length - 8, StandardCharsets.UTF_8));
            default -> {
                // Windows and priorities: nothing here is so large that they matter.
            }
        }
        answer.ended |= (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    private void decode(Answer answer, byte[] block) {
        try {
            if (fields.decode(ByteBuffer.wrap(block)) instanceof MetaData.Response response) {
                if (response.getStatus() < 200) {
                    answer.interim = response.getStatus();
                } else {
                    answer.head = response;
                }
            }
        } catch (HpackException.SessionException | HpackException.StreamException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
