package org.farthing.conformance.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.farthing.conformance.suite.Exchange;
import org.farthing.conformance.suite.Trace;

/** The way to one origin: sends requests as they are written, takes answers as they come, and takes both down. */
public final class Wire {

    private final URI origin;
    private final Duration patience;
    private final SSLContext tls;

    /**
     * A way to an origin.
     *
     * @param origin scheme, host and port; {@code http} or {@code https}
     * @param patience how long to wait for a connection, and for each piece of an answer
     * @param tls whom to trust over https
     * @throws IllegalArgumentException if it is no origin of this kind
     */
    public Wire(URI origin, Duration patience, SSLContext tls) {
        String scheme = String.valueOf(origin.getScheme()).toLowerCase(Locale.ROOT);
        if (origin.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("an http or https URL with a host is needed, not " + origin);
        }
        this.origin = URI.create(scheme + "://" + authority(origin));
        this.patience = patience;
        this.tls = tls;
    }

    private static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    /** Where it goes to, without path. */
    public URI origin() {
        return origin;
    }

    /** Whether it goes over TLS. */
    public boolean isSecure() {
        return origin.getScheme().equals("https");
    }

    /** What {@code Host} says unless a request says something else. */
    public String host() {
        return authority(origin);
    }

    /** Whom it trusts. */
    public SSLContext tls() {
        return tls;
    }

    /** How long it waits. */
    public Duration patience() {
        return patience;
    }

    /** The way to another origin, with the same patience and trust. */
    public Wire to(URI other) {
        return new Wire(other, patience, tls);
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param trace where both are taken down
     * @param what what the request is for, in a few words
     * @param request the request
     * @return the answer
     * @throws NoAnswer if nothing came
     */
    public RawAnswer send(Trace trace, String what, RawRequest request) {
        try (Line line = new Line()) {
            line.write(request.head(host()));
            byte[] body = request.body();
            if (body != null) {
                line.write(body);
            }
            return kept(trace, what, request, line.read(request.method()));
        } catch (IOException e) {
            throw lost(trace, what, request, e);
        }
    }

    /**
     * Sends requests at the same moment: each over its own connection, all but its last byte first, then all last bytes.
     *
     * @param trace where they are taken down
     * @param what what they are for
     * @param requests the requests
     * @return the answers, in the order of the requests
     * @throws NoAnswer if one of them got none
     */
    public List<RawAnswer> together(Trace trace, String what, List<RawRequest> requests) {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        List<Line> lines = new ArrayList<>();
        try {
            for (RawRequest request : requests) {
                Line line = opened(trace, what, request);
                lines.add(line);
            }
            List<Callable<RawAnswer>> rest = new ArrayList<>();
            for (int at = 0; at < requests.size(); at++) {
                RawRequest request = requests.get(at);
                Line line = lines.get(at);
                String name = what + ", " + (at + 1) + " of " + requests.size();
                rest.add(() -> {
                    try {
                        line.finish();
                        return kept(trace, name, request, line.read(request.method()));
                    } catch (IOException e) {
                        throw lost(trace, name, request, e);
                    }
                });
            }
            List<RawAnswer> answers = new ArrayList<>();
            for (Future<RawAnswer> answer : threads.invokeAll(rest)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NoAnswer lost ? lost : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("the run was interrupted", e);
        } finally {
            lines.forEach(Line::close);
            threads.shutdownNow();
        }
    }

    /**
     * Sends a request and goes away in the middle of the answer.
     *
     * @param trace where the request is taken down
     * @param what what it is for
     * @param request the request
     * @param after how many bytes of the answer to wait for
     * @throws NoAnswer if not even those came
     */
    public void hangUp(Trace trace, String what, RawRequest request, int after) {
        try (Line line = new Line()) {
            line.write(request.head(host()));
            byte[] body = request.body();
            if (body != null) {
                line.write(body);
            }
            int got = line.skip(after);
            trace.add(new Exchange(
                    what,
                    Transcript.of(request, host()),
                    "(" + got + " bytes were read, then the client closed the connection)",
                    null));
        } catch (IOException e) {
            throw lost(trace, what, request, e);
        }
    }

    private Line opened(Trace trace, String what, RawRequest request) {
        try {
            Line line = new Line();
            line.begin(request);
            return line;
        } catch (IOException e) {
            throw lost(trace, what, request, e);
        }
    }

    private RawAnswer kept(Trace trace, String what, RawRequest request, RawAnswer answer) {
        trace.add(new Exchange(what, Transcript.of(request, host()), Transcript.of(answer), Curl.of(origin, request)));
        return answer;
    }

    private NoAnswer lost(Trace trace, String what, RawRequest request, IOException why) {
        trace.add(new Exchange(what, Transcript.of(request, host()), "", Curl.of(origin, request)));
        String reason = why instanceof SocketTimeoutException
                ? "within " + patience.toMillis() + " ms"
                : "(" + why.getClass().getSimpleName() + ": " + why.getMessage() + ")";
        return new NoAnswer(origin + " gave no answer " + reason + " to: " + what, why);
    }

    /** One connection, for one request. */
    private final class Line implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private byte[] last = new byte[0];
        private boolean closedEarly;

        Line() throws IOException {
            int port = origin.getPort() >= 0 ? origin.getPort() : isSecure() ? 443 : 80;
            String host = origin.getHost().replaceAll("^\\[|]$", "");
            Socket plain = new Socket();
            try {
                plain.connect(new InetSocketAddress(host, port), (int) patience.toMillis());
                plain.setSoTimeout((int) patience.toMillis());
                plain.setTcpNoDelay(true);
                socket = isSecure() ? secured(plain, host, port) : plain;
                in = new BufferedInputStream(socket.getInputStream());
                out = socket.getOutputStream();
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        }

        private Socket secured(Socket plain, String host, int port) throws IOException {
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        }

        /** Writes; a server that has answered and closed before it read everything is no error. */
        void write(byte[] bytes) throws IOException {
            try {
                if (!closedEarly) {
                    out.write(bytes);
                    out.flush();
                }
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                closedEarly = true;
            }
        }

        void begin(RawRequest request) throws IOException {
            byte[] head = request.head(host());
            byte[] body = request.body() == null ? new byte[0] : request.body();
            byte[] all = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, all, head.length, body.length);
            last = new byte[] {all[all.length - 1]};
            write(Arrays.copyOf(all, all.length - 1));
        }

        void finish() throws IOException {
            write(last);
        }

        int skip(int bytes) throws IOException {
            return in.readNBytes(bytes).length;
        }

        RawAnswer read(String method) throws IOException {
            return new AnswerReader(in, method).read();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // Nothing more is expected of it.
            }
        }
    }
}
