package org.farthing.conformance.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorSourceTest {

    @TempDir
    Path directory;

    @Test
    void bundled_inAJar_readsTheFolderOfTheJar() throws IOException {
        Path jar = directory.resolve("some.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            put(entries, "vectors/b.json", "{}");
            put(entries, "vectors/a.json", "[]");
            put(entries, "vectors/README.md", "no vectors");
            put(entries, "other/c.json", "{}");
        }

        VectorSource source = VectorSource.of(jar);

        assertThat(source.files().keySet()).containsExactly("a.json", "b.json");
        assertThat(source.files().get("a.json")).isEqualTo("[]".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bundled_inClassesFolder_readsTheFolderBeside() throws IOException {
        Files.createDirectories(directory.resolve("vectors"));
        Files.writeString(directory.resolve("vectors/a.json"), "{}");

        assertThat(VectorSource.of(directory).files().keySet()).containsExactly("a.json");
    }

    @Test
    void bundled_everyKindHasAFileAndEveryFileAKind() throws Exception {
        VectorSource bundled = VectorSource.bundled();

        for (String kind : Kinds.ALL.keySet()) {
            assertThat(bundled.files()).containsKey(kind + ".json");
        }
        for (var file : bundled.files().entrySet()) {
            assertThat(VectorFile.parse(file.getValue()).kind() + ".json").isEqualTo(file.getKey());
        }
    }

    private static void put(JarOutputStream jar, String name, String content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
    }
}
