package org.farthing.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.farthing.protocol.binding.Origin;
import org.farthing.testing.ReservedPort;
import org.opentest4j.TestAbortedException;

/** nginx as a shared cache in front, told to keep everything that nothing in the answer forbids. */
final class Nginx implements AutoCloseable {

    private static final String CONFIGURATION = """
            user root;
            worker_processes 1;
            daemon off;
            pid FOLDER/nginx.pid;
            error_log FOLDER/error.log notice;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path FOLDER/body;
                proxy_temp_path FOLDER/proxy;
                fastcgi_temp_path FOLDER/fastcgi;
                uwsgi_temp_path FOLDER/uwsgi;
                scgi_temp_path FOLDER/scgi;
                proxy_cache_path FOLDER/cache keys_zone=everything:1m;
                server {
                    listen 127.0.0.1:FRONT ssl http2;
                    server_name localhost;
                    ssl_certificate FOLDER/cert.pem;
                    ssl_certificate_key FOLDER/key.pem;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    large_client_header_buffers 8 32k;
                    location / {
                        proxy_pass https://127.0.0.1:BACK;
                        proxy_ssl_verify on;
                        proxy_ssl_trusted_certificate FOLDER/cert.pem;
                        proxy_ssl_name localhost;
                        proxy_ssl_server_name on;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $http_host;
                        proxy_buffer_size 32k;
                        proxy_buffers 8 32k;
                        proxy_busy_buffers_size 64k;
                        proxy_cache everything;
                        proxy_cache_key $request_method$http_host$request_uri;
                        proxy_cache_methods GET HEAD;
                        proxy_cache_convert_head off;
                        proxy_cache_valid any 1h;
                        proxy_cache_revalidate on;
                        proxy_cache_background_update on;
                        proxy_cache_use_stale error timeout updating http_403 http_404 http_429 http_500 http_503;
                        add_header X-Cache $upstream_cache_status always;
                    }
                }
            }
            """;

    private final Process process;
    private final ReservedPort port;

    private Nginx(Process process, ReservedPort port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one; without nginx on this machine the test is skipped, but never where every test must run. */
    static Nginx start(Path folder, int shopPort) throws Exception {
        Path program = program().orElse(null);
        if (program == null) {
            String sentence = "nginx is not on this machine, so no test was run with it in front: install nginx-light";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(sentence);
            }
            System.err.println(sentence);
            throw new TestAbortedException(sentence);
        }
        TestCertificate.shared().writePem(folder);
        ReservedPort port = ReservedPort.any();
        Files.writeString(
                folder.resolve("nginx.conf"),
                CONFIGURATION
                        .replace("FOLDER", folder.toString())
                        .replace("FRONT", Integer.toString(port.number()))
                        .replace("BACK", Integer.toString(shopPort)));
        Process process = run(program, folder);
        if (!answers(process, port.number())) {
            throw new AssertionError("nginx does not start: " + Files.readString(folder.resolve("error.log")));
        }
        return new Nginx(process, port);
    }

    Origin origin() {
        return new Origin("https://localhost:" + port.number());
    }

    private static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Process run(Path program, Path folder) throws IOException {
        String log = folder.resolve("error.log").toString();
        return new ProcessBuilder(program.toString(), "-p", folder.toString(), "-c", "nginx.conf", "-e", log)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
    }

    private static boolean answers(Process process, int port) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected() && process.isAlive();
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        process.destroy();
        return false;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        port.close();
    }
}
