package org.farthing.client.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutletsTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** Whatever part came before it broke off, and however the second time is cut: the content is there once. */
    @Property
    void stream_startedAnew_writesTheRestOnly(
            @ForAll @StringLength(min = 1, max = 60) String content,
            @ForAll @IntRange(max = 60) int first,
            @ForAll @IntRange(min = 1, max = 20) int part)
            throws Exception {
        byte[] whole = content.getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StreamOutlet outlet = new StreamOutlet(new PrintStream(out, false, UTF_8))) {
            outlet.start();
            outlet.write(ByteBuffer.wrap(whole, 0, Math.min(first, whole.length)));
            outlet.start();
            for (int at = 0; at < whole.length; at += part) {
                assertThat(outlet.write(ByteBuffer.wrap(whole, at, Math.min(part, whole.length - at))))
                        .isTrue();
            }
            outlet.complete();
        }
        assertThat(out.toByteArray()).isEqualTo(whole);
    }

    @Test
    void stream_otherContentTheSecondTime_isRefused() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StreamOutlet outlet = new StreamOutlet(new PrintStream(out, false, UTF_8))) {
            outlet.start();
            outlet.write(bytes("one "));
            outlet.start();
            assertThatThrownBy(() -> outlet.write(bytes("two three")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("something else");
        }
        assertThat(out.toString(UTF_8)).isEqualTo("one ");
    }

    @Test
    void stream_readerGone_wantsNoMore() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (StreamOutlet outlet = new StreamOutlet(new PrintStream(closed, false, UTF_8))) {
            outlet.start();
            assertThat(outlet.write(bytes("one"))).isFalse();
        }
    }

    @Test
    void file_appearsWhenWhole_andNotBefore(@TempDir Path temp) throws Exception {
        Path file = temp.resolve("content");
        try (FileOutlet outlet = new FileOutlet(file)) {
            outlet.start();
            outlet.write(bytes("half of someth"));
            outlet.start();
            outlet.write(bytes("whole"));
            assertThat(file).doesNotExist();
            outlet.complete();
        }
        assertThat(file).hasContent("whole");
        try (var left = Files.list(temp)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void file_neverComplete_leavesNothing(@TempDir Path temp) throws Exception {
        try (FileOutlet outlet = new FileOutlet(temp.resolve("content"))) {
            outlet.start();
            outlet.write(bytes("half"));
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Property
    @Requirement({"F-RQ-9", "T26"})
    void printable_anyText_hasNoControlAndOneLine(@ForAll String text) {
        assertThat(Printable.line(text).chars())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
        assertThat(Printable.line(text).lines().count()).isLessThanOrEqualTo(1);
    }
}
