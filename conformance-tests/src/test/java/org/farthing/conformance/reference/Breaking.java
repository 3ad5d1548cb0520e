package org.farthing.conformance.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/** Stands around the reference server's handlers and changes what they answer: servers that are broken in one way each. */
public final class Breaking extends Handler.Wrapper {

    /** One way to be broken. */
    @FunctionalInterface
    public interface Flaw {
        /** What goes out in the place of what the handlers said. */
        Said change(Asked asked, Said said);
    }

    /** A request, with what flaws look at. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Asked(String method, String target, byte[] body, List<String> authorization, Set<String> memory) {

        /** Whether it goes to a path that ends so, or begins so. */
        public boolean at(String part) {
            String path = target.split("\\?", 2)[0];
            return path.endsWith(part) || path.startsWith(part + "/");
        }

        /** The body as text. */
        public String text() {
            return new String(body, UTF_8);
        }

        /** A claim of the token, or the empty text. */
        public String claim(String name) {
            return String.valueOf(part(1).getOrDefault(name, ""));
        }

        /** A member of the token's header, or the empty text. */
        public String header(String name) {
            return String.valueOf(part(0).getOrDefault(name, ""));
        }

        private Map<String, Object> part(int number) {
            if (authorization.isEmpty()) {
                return Map.of();
            }
            String[] parts =
                    authorization.get(0).replaceFirst("^[A-Za-z]+ ", "").split("\\.", -1);
            try {
                return parts.length <= number
                        ? Map.of()
                        : StrictJson.parseObject(
                                Base64Url.decode(parts[number], "token"), "token", StrictJson.Limits.FIELD);
            } catch (MalformedException e) {
                return Map.of();
            }
        }
    }

    /** An answer in the making. */
    public record Said(int status, Map<String, String> heard, Map<String, String> fields, String text) {

        /** A field as the handlers set it, or the empty text. */
        public String heard(String name) {
            return heard.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        /** Another answer. */
        public Said with(int otherStatus, String otherText) {
            return new Said(otherStatus, heard, fields, otherText);
        }

        /** Another body. */
        public Said saying(String otherText) {
            return with(status, otherText);
        }

        /** Another field; null for none. */
        public Said field(String name, @Nullable String value) {
            Map<String, String> other = new ConcurrentHashMap<>(fields);
            other.put(name, value == null ? "" : value);
            return new Said(status, heard, other, text);
        }
    }

    private volatile Flaw flaw = (asked, said) -> said;
    private volatile Set<String> memory = ConcurrentHashMap.newKeySet();

    /** Nothing is changed until {@link #breakBy}. */
    public Breaking(Handler whole) {
        super(whole);
    }

    /** From here on, broken so. */
    public void breakBy(Flaw other) {
        memory = ConcurrentHashMap.newKeySet();
        flaw = other;
    }

    /** From here on, whole. */
    public void mend() {
        breakBy((asked, said) -> said);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        byte[] body = BufferUtil.toArray(Content.Source.asByteBuffer(request));
        Asked asked = new Asked(
                request.getMethod(),
                request.getHttpURI().getPathQuery(),
                body,
                request.getHeaders().getFields(HttpHeader.AUTHORIZATION).stream()
                        .map(HttpField::getValue)
                        .toList(),
                memory);
        return super.handle(new Read(request, body), new Changed(request, response, asked), callback);
    }

    /** The request with its body in memory. */
    private static final class Read extends Request.Wrapper {
        private Content.Chunk next;

        Read(Request request, byte[] body) {
            super(request);
            next = Content.Chunk.from(ByteBuffer.wrap(body), true);
        }

        @Override
        public Content.Chunk read() {
            Content.Chunk now = next;
            next = Content.Chunk.next(now);
            return now;
        }

        @Override
        public void demand(Runnable ready) {
            ready.run();
        }
    }

    private final class Changed extends Response.Wrapper {
        private final Asked asked;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        Changed(Request request, Response response, Asked asked) {
            super(request, response);
            this.asked = asked;
        }

        private Map<String, String> heard() {
            Map<String, String> heard = new ConcurrentHashMap<>();
            getHeaders().forEach(field -> heard.putIfAbsent(field.getLowerCaseName(), field.getValue()));
            return heard;
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            byte[] part = new byte[content == null ? 0 : content.remaining()];
            if (content != null) {
                content.get(part);
            }
            held.writeBytes(part);
            if (!last) {
                callback.succeeded();
                return;
            }
            Said said = flaw.change(
                    asked, new Said(getStatus() == 0 ? 200 : getStatus(), heard(), Map.of(), held.toString(UTF_8)));
            byte[] body = said.text().equals(held.toString(UTF_8))
                    ? held.toByteArray()
                    : said.text().getBytes(UTF_8);
            setStatus(said.status());
            said.fields().forEach((name, value) -> {
                getHeaders().remove(name);
                if (!value.isEmpty()) {
                    getHeaders().put(name, value);
                }
            });
            if (getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
                getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            }
            super.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
