package org.farthing.conformance.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One HTTP/1.1 request a connection, without any opinion on what comes back. */
final class TinyWire {

    private static final int MOST_HEAD = 256 * 1024;
    private static final int MOST_BODY = 1024 * 1024;
    /** So that nothing hangs; whoever waits so long has been forgotten. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final boolean trustsEverybody;

    TinyWire(boolean trustsEverybody) {
        this.trustsEverybody = trustsEverybody;
    }

    /** A field of a request. */
    record Field(String name, String value) {}

    /** An answer. */
    record Answer(int status, String reason, List<Field> fields, String body) {

        List<String> values(String name) {
            return fields.stream()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .map(Field::value)
                    .toList();
        }

        String value(String name) {
            List<String> values = values(name);
            return values.isEmpty() ? "" : values.get(0);
        }
    }

    Answer send(URI uri, String method, List<Field> fields, byte[] body) throws IOException {
        try (Socket socket = connect(uri)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            StringBuilder head = new StringBuilder(method + " " + path);
            head.append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                    .append(" HTTP/1.1\r\nHost: ")
                    .append(uri.getRawAuthority())
                    .append("\r\nConnection: close\r\n");
            fields.forEach(field ->
                    head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
            if (body.length > 0) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(head.append("\r\n").toString().getBytes(UTF_8));
            out.write(body);
            socket.getOutputStream().write(out.toByteArray());
            return read(new BufferedInputStream(socket.getInputStream()), method);
        }
    }

    private Socket connect(URI uri) throws IOException {
        boolean tls = uri.getScheme().equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        String host = uri.getHost().replace("[", "").replace("]", "");
        if (!tls) {
            return new Socket(host, port);
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustsEverybody ? new TrustManager[] {new Everybody()} : null, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port);
            if (!trustsEverybody) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS here", e);
        }
    }

    private static Answer read(InputStream in, String method) throws IOException {
        int[] left = {MOST_HEAD};
        String[] start = line(in, left).split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
            throw new IOException("that is no answer");
        }
        List<Field> fields = new ArrayList<>();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.add(new Field(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
        }
        int status = Integer.parseInt(start[1]);
        Answer head = new Answer(status, start.length > 2 ? start[2] : "", fields, "");
        boolean empty = method.equals("HEAD") || status == 204 || status == 304;
        return new Answer(status, head.reason(), fields, empty ? "" : body(in, head));
    }

    private static String body(InputStream in, Answer head) throws IOException {
        if (head.value("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            int[] left = {MOST_HEAD};
            for (int size = size(in, left); size > 0 && whole.size() < MOST_BODY; size = size(in, left)) {
                whole.write(in.readNBytes(size));
                line(in, left);
            }
            return whole.toString(UTF_8);
        }
        String length = head.value("Content-Length");
        int most = length.matches("[0-9]{1,7}") ? Integer.parseInt(length) : MOST_BODY;
        byte[] body = in.readNBytes(most);
        if (!length.isEmpty() && body.length < most) {
            throw new IOException("the answer broke off");
        }
        return new String(body, UTF_8);
    }

    private static int size(InputStream in, int[] left) throws IOException {
        return Integer.parseInt(line(in, left).split(";", 2)[0].strip(), 16);
    }

    private static String line(InputStream in, int[] left) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || left[0]-- <= 0) {
                throw new IOException(b < 0 ? "the answer broke off" : "the answer's head is too long");
            }
            line.write(b);
        }
        String text = line.toString(UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
